using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>Field names of the supported dialects. Case-insensitive.</summary>
internal static class FieldNames
{
    private const int MaxLength = 24;

    private static readonly (string Name, Field Field)[] Names =
    [
        ("symbol", Field.Symbol), ("stock_symbol", Field.Symbol), ("stock_id", Field.Symbol), ("ticker", Field.Symbol),
        ("isin", Field.Isin),
        ("product_id", Field.Symbol), ("instid", Field.Symbol), ("sym", Field.Symbol), ("instrument_name", Field.Symbol),
        ("instrument", Field.Symbol), ("currency_pair", Field.Symbol), ("pair", Field.Symbol),
        ("ts", Field.Time), ("timestamp", Field.Time), ("datetime", Field.Time), ("open_time", Field.Time), ("opentime", Field.Time),
        ("transact_time", Field.Time), ("event_time", Field.Time), ("create_time_ms", Field.Time), ("sip_timestamp", Field.Time),
        ("snapped_at", Field.Time), ("start", Field.Begin), ("candle_begin_time", Field.Begin),
        ("confirm", Field.Final), ("complete", Field.Final), ("is_closed", Field.Final), ("is_final", Field.Final),
        ("time", Field.Clock), ("date", Field.Date),
        ("timezone", Field.Zone), ("time zone", Field.Zone), ("time_zone", Field.Zone), ("exchange_timezone", Field.Zone),
        ("exchangetimezonename", Field.Zone),
        ("seq", Field.Seq), ("source", Field.Source), ("epoch", Field.Epoch),
        ("kind", Field.Kind), ("data_type", Field.Kind), ("service", Field.Service), ("type", Field.Type), ("event", Field.Type),
        ("frame", Field.Frame), ("interval", Field.Frame), ("datagranularity", Field.Frame), ("granularity", Field.Frame),
        ("price", Field.Price), ("px", Field.Price), ("trade_price", Field.Price), ("last", Field.Last), ("last_price", Field.Last),
        ("size", Field.Size), ("last_size", Field.Size), ("quantity", Field.Size), ("qty", Field.Size), ("sz", Field.Size),
        ("amount", Field.Amount), ("volume", Field.Volume), ("vol", Field.Volume),
        ("condition", Field.Condition),
        ("bid", Field.Bid), ("bid_price", Field.Bid), ("bidprice", Field.Bid), ("bp", Field.Bid),
        ("bid_size", Field.BidSize), ("bidsize", Field.BidSize), ("bs", Field.BidSize), ("bid_qty", Field.BidSize),
        ("bidvolume", Field.BidSize), ("ask", Field.Ask), ("ask_price", Field.Ask), ("askprice", Field.Ask), ("ap", Field.Ask),
        ("ask_size", Field.AskSize), ("asksize", Field.AskSize), ("as", Field.AskSize), ("ask_qty", Field.AskSize),
        ("askvolume", Field.AskSize), ("side", Field.Side), ("order_type", Field.Side),
        ("trade_id", Field.Trade), ("tradeid", Field.Trade), ("trdmatchid", Field.Trade), ("is_buyer_maker", Field.Trade),
        ("isbuyermaker", Field.Trade), ("cost", Field.Trade),
        ("open", Field.Open), ("opening_price", Field.OpeningPrice), ("high", Field.High), ("low", Field.Low),
        ("close", Field.Close), ("closing_price", Field.Close),
        ("sentiment_score", Field.Score), ("sentiment_magnitude", Field.Magnitude),
        ("market_cap", Field.MarketCap), ("pe_ratio", Field.PeRatio),
        ("indicator_name", Field.Indicator), ("value", Field.Value),
    ];

    private static readonly Dictionary<string, Field> ByName = Names.ToDictionary(name => name.Name, name => name.Field);
    private static readonly Dictionary<string, Field>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The field of a JSON property.</summary>
    public static Field Find(ReadOnlySpan<byte> name)
    {
        name = WithoutNumber(name);
        Span<char> lower = stackalloc char[MaxLength];
        return name.Length <= MaxLength && Ascii.ToLower(name, lower, out var length) == System.Buffers.OperationStatus.Done
            && Lookup.TryGetValue(lower[..length], out var field)
            ? field
            : Field.None;
    }

    /// <summary>
    /// A name without its leading number: Alpha Vantage's <c>1. open</c>. Of <c>1a. open (EUR)</c> and <c>1b. open (USD)</c> the first is
    /// used.
    /// </summary>
    public static ReadOnlySpan<byte> WithoutNumber(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name[0] is < (byte)'0' or > (byte)'9') return name;
        var point = name.IndexOf(". "u8);
        if (point is not (1 or 2)) return name;
        if (name[point - 1] is >= (byte)'0' and <= (byte)'9') return name[(point + 2)..];
        var bracket = name.IndexOf(" ("u8);
        return name[point - 1] == 'a' && bracket > point + 2 ? name[(point + 2)..bracket] : name;
    }

    /// <summary>Whether the field holds a price or a quantity.</summary>
    public static bool IsNumber(Field field) =>
        field is Field.Price or Field.Last or Field.Size or Field.Amount or Field.Volume or Field.Bid or Field.BidSize
            or Field.Ask or Field.AskSize or Field.Open or Field.High or Field.Low or Field.Close;

    /// <summary>Whether the field holds a quantity, and not a price.</summary>
    public static bool IsSize(Field field) => field is Field.Size or Field.Amount or Field.Volume or Field.BidSize or Field.AskSize;

    /// <summary>The name of a field in the canonical format, as in rejections.</summary>
    public static string Canonical(Field field) =>
        field switch
        {
            Field.None => "line",
            Field.Date or Field.Clock => Canonical(Field.Time),
            Field.OpeningPrice => Canonical(Field.Open),
            Field.Begin => Canonical(Field.Time),
            _ => Names.First(name => name.Field == field).Name,
        };
}
