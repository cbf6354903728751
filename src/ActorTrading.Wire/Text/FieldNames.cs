using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>What the dialects of the field call their fields. Case does not matter.</summary>
internal static class FieldNames
{
    private const int MaxLength = 24;

    private static readonly (string Name, Field Field)[] Names =
    [
        ("symbol", Field.Symbol), ("stock_symbol", Field.Symbol), ("ticker", Field.Symbol), ("isin", Field.Isin),
        ("ts", Field.Time), ("timestamp", Field.Time), ("time", Field.Time), ("datetime", Field.Time), ("date", Field.Time),
        ("seq", Field.Seq), ("source", Field.Source), ("epoch", Field.Epoch),
        ("kind", Field.Kind), ("data_type", Field.Kind), ("service", Field.Service),
        ("frame", Field.Frame), ("interval", Field.Frame),
        ("price", Field.Price), ("last", Field.Last), ("last_price", Field.Last),
        ("size", Field.Size), ("last_size", Field.Size), ("quantity", Field.Size), ("qty", Field.Size), ("volume", Field.Volume),
        ("condition", Field.Condition),
        ("bid", Field.Bid), ("bid_size", Field.BidSize), ("ask", Field.Ask), ("ask_size", Field.AskSize),
        ("side", Field.Side), ("order_type", Field.Side),
        ("open", Field.Open), ("opening_price", Field.Open), ("high", Field.High), ("low", Field.Low),
        ("close", Field.Close), ("closing_price", Field.Close),
        ("sentiment_score", Field.Score), ("sentiment_magnitude", Field.Magnitude),
        ("market_cap", Field.MarketCap), ("pe_ratio", Field.PeRatio),
        ("indicator_name", Field.Indicator), ("value", Field.Value),
    ];

    // Too short to be trusted anywhere but in the header of a table.
    private static readonly (string Name, Field Field)[] Columns =
        [("o", Field.Open), ("h", Field.High), ("l", Field.Low), ("c", Field.Close), ("v", Field.Volume)];

    private static readonly Dictionary<string, Field> ByName = Names.ToDictionary(name => name.Name, name => name.Field);
    private static readonly Dictionary<string, Field> ByColumn =
        Names.Concat(Columns).ToDictionary(name => name.Name, name => name.Field);
    private static readonly Dictionary<string, Field>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The field of a JSON property.</summary>
    public static Field Find(ReadOnlySpan<byte> name)
    {
        Span<char> lower = stackalloc char[MaxLength];
        return name.Length <= MaxLength && Ascii.ToLower(name, lower, out var length) == System.Buffers.OperationStatus.Done
            && Lookup.TryGetValue(lower[..length], out var field)
            ? field
            : Field.None;
    }

    /// <summary>The field of a column.</summary>
    public static Field FindColumn(string name) => ByColumn.GetValueOrDefault(name.Trim().ToLowerInvariant());

    /// <summary>The name of a field in the canonical format, as rejections spell it.</summary>
    public static string Canonical(Field field) =>
        field == Field.None ? "line" : Names.First(name => name.Field == field).Name;
}
