namespace ActorTrading.Wire.Text;

/// <summary>The nested members of an object: the start of each, -1 for none.</summary>
internal struct JsonMembers
{
    private bool isWord;

    public JsonMembers()
    {
    }

    /// <summary>Whether the symbol's field is named <c>stock_id</c>: then its price may be a list of prices.</summary>
    public bool IsStock { get; set; }

    /// <summary>The object with the name symbols.</summary>
    public int SymbolsAt { get; set; } = -1;

    /// <summary>Number of objects and arrays with the name of an envelope's content.</summary>
    public int Wrappers { get; set; }

    /// <summary>The object that describes the data, for example their symbol.</summary>
    public int SenderAt { get; set; } = -1;

    /// <summary>The object that contains Yahoo's columns.</summary>
    public int IndicatorsAt { get; set; } = -1;

    /// <summary>The fields that have columns, see <see cref="FieldSet.Mask"/>.</summary>
    public ulong Columns { get; private set; }

    /// <summary>Number of objects that contain objects by time.</summary>
    public int Series { get; set; }

    /// <summary>The last object with an unknown name.</summary>
    public int OnlyAt { get; private set; } = -1;

    /// <summary>Number of objects and wrapped arrays.</summary>
    public int Nested { get; set; }

    /// <summary>Number of objects with unknown names.</summary>
    public int Unknown { get; private set; }

    /// <summary>Whether there is only one object with an unknown name, and that name is more likely a word than a symbol.</summary>
    public readonly bool IsWordAlone => Unknown == 1 && isWord;

    /// <summary>Whether there is a name that is not a word, and so more likely a symbol.</summary>
    public bool HasSymbols { get; private set; }

    /// <summary>Whether one of these names belongs to an array.</summary>
    public bool HasSymbolArrays { get; private set; }

    /// <summary>The column names of rows beside them.</summary>
    public int HeaderAt { get; set; } = -1;

    /// <summary>The names of rows, as written by pandas beside its columns.</summary>
    public int IndexAt { get; set; } = -1;

    public void AddColumn(Field field, bool hasTimes = false) =>
        Columns |= (1UL << (int)field) | (hasTimes ? 1UL << (int)Field.Time : 0);

    public void AddUnknown(int at, bool word, bool isObject)
    {
        Unknown++;
        OnlyAt = at;
        isWord = word;
        HasSymbols |= !word;
        HasSymbolArrays |= !word && !isObject;
    }
}
