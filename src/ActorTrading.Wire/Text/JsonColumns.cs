using System.Text;
using System.Text.Json;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Records in columnar JSON: members of an object that are arrays of equal length, each with one value per record (TradingView, Finnhub,
/// Deribit, Yahoo). Stores the range of each value in the text. One per parser; not thread-safe.
/// </summary>
internal sealed class JsonColumns
{
    private static readonly ulong Times = FieldSet.Mask(Field.Time, Field.Date, Field.Clock);

    private readonly List<(int Start, int Length, FieldForm Form)>?[] cells = new List<(int, int, FieldForm)>?[(int)Field.Value + 1];
    private readonly List<Field> columns = [];
    private readonly List<(int Start, int Length, FieldForm Form)> keys = []; // of columns that are objects

    /// <summary>Number of records.</summary>
    public int Count => columns.Count == 0 ? 0 : cells[(int)columns[0]]!.Count;

    /// <summary>The columns, in the order of the text.</summary>
    public IReadOnlyList<Field> Columns => columns;

    /// <summary>The field of an array of that name; <see cref="Field.None"/> if it is not a column.</summary>
    public static Field Find(ReadOnlySpan<byte> name, Field known)
    {
        if (known != Field.None) return known == Field.OpeningPrice ? Field.Open : known;
        if (name.Length != 1) return Ascii.EqualsIgnoreCase(name, "ticks"u8) ? Field.Time : Field.None;
        return name[0] switch
        {
            (byte)'t' => Field.Time,
            (byte)'o' => Field.Open,
            (byte)'h' => Field.High,
            (byte)'l' => Field.Low,
            (byte)'c' => Field.Close,
            (byte)'v' => Field.Volume,
            (byte)'p' => Field.Price,
            (byte)'s' => Field.Size,
            (byte)'b' => Field.Bid,
            (byte)'a' => Field.Ask,
            _ => Field.None,
        };
    }

    /// <summary>Whether columns of these fields form records: a time, and the required fields of a kind of record.</summary>
    public static bool IsTable(ulong fields) => (fields & Times) != 0 && RecordAssembler.TryInferKind(FieldSet.Of(fields), out _);

    /// <summary>Whether the only column is one of prices: trades of one time, <c>{"stock_id":"AAPL","price":[1,2]}</c>.</summary>
    public static bool IsPrices(ulong fields) => fields == FieldSet.Mask(Field.Price);

    /// <summary>Whether there are columns of which one is a time.</summary>
    public static bool HasTime(ulong fields) => (fields & Times) != 0;

    /// <summary>Removes all columns.</summary>
    public void Clear()
    {
        foreach (var column in columns) cells[(int)column]!.Clear();
        columns.Clear();
        keys.Clear();
    }

    /// <summary>Adds the name of a row in a column that is an object; false if another column has a different name there.</summary>
    public bool TryKey(int index, int start, int length, ReadOnlySpan<byte> text)
    {
        if (index < keys.Count) return text.Slice(start, length).SequenceEqual(text.Slice(keys[index].Start, keys[index].Length));
        if (columns.Count > 1 && keys.Count > 0 && cells[(int)columns[0]]!.Count == keys.Count) return false; // more rows than the first
        keys.Add((start, length, FieldForm.Text));
        return true;
    }

    /// <summary>Uses the names of rows, if they are times, as the times of the records.</summary>
    public void TakeTimesFromKeys()
    {
        if (keys.Count == 0 || columns.Exists(column => column is Field.Time or Field.Date or Field.Clock)) return;
        columns.Add(Field.Time);
        (cells[(int)Field.Time] ??= []).AddRange(keys);
    }

    /// <summary>Starts a column; false if the field already has one.</summary>
    public bool TryBegin(Field field)
    {
        if (columns.Contains(field)) return false;
        columns.Add(field);
        cells[(int)field] ??= [];
        return true;
    }

    /// <summary>Adds a value to the current column; length zero if there is none.</summary>
    public void Add(int start, int length, FieldForm form) => cells[(int)columns[^1]]!.Add((start, length, form));

    /// <summary>The lengths of the columns if they differ; null if all are equal.</summary>
    public string? Mismatch() =>
        columns.TrueForAll(column => cells[(int)column]!.Count == Count)
            ? null
            : "columns of different lengths: "
                + string.Join(", ", columns.Select(column => $"{FieldNames.Canonical(column)} {cells[(int)column]!.Count}"));

    /// <summary>Sets the fields of one record.</summary>
    public void Set(int index, ref FieldSet fields)
    {
        foreach (var column in columns)
        {
            var (start, length, form) = cells[(int)column]![index];
            fields.Set(column, start, length, form);
        }
    }

    /// <summary>The text of one record, for a rejection: <c>{"ts":1720531800,"open":1,"high":null}</c>.</summary>
    public byte[] Spell(int index, ReadOnlySpan<byte> text)
    {
        var spelled = new StringBuilder("{");
        foreach (var column in columns)
        {
            var (start, length, form) = cells[(int)column]![index];
            var value = length == 0 ? "null" : form == FieldForm.Unescaped ? "..." : Encoding.UTF8.GetString(text.Slice(start, length));
            if (spelled.Length > 1) spelled.Append(',');
            if (form == FieldForm.Text && length > 0) value = $"\"{value}\"";
            spelled.Append('"').Append(FieldNames.Canonical(column)).Append("\":").Append(value);
        }

        return Encoding.UTF8.GetBytes(spelled.Append('}').ToString());
    }

    /// <summary>Whether a column of that field may be an object.</summary>
    public static bool CanBeKeyed(Field field) => FieldNames.IsNumber(field) || field is Field.Time or Field.Date or Field.Clock;

    /// <summary>Whether the current object contains values by the names or numbers of rows: a column in the form of pandas.</summary>
    public static bool IsKeyed(Utf8JsonReader reader, TimeNames times, out bool hasTimes)
    {
        hasTimes = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName) return false;
        hasTimes = times.IsTime(reader.ValueSpan);
        return (hasTimes || reader.ValueSpan.SequenceEqual("0"u8))
            && reader.Read() && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
    }

    /// <summary>Whether the current array begins with a string.</summary>
    public static bool IsOfTexts(Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.String;

    /// <summary>Whether the current array contains only values, no objects or arrays; it may be empty.</summary>
    public static bool IsOfValues(Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
}
