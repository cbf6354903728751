using System.Text.Json;

namespace ActorTrading.Client.Records;

/// <summary>
/// A record to send to a node. Prices and sizes are exact decimals; the plan determines how many of them are used. The node checks the
/// record, not this class.
/// </summary>
public abstract record MarketRecord
{
    /// <summary>The sequence number within its source and epoch. Null: the <see cref="Feed"/> assigns the next one.</summary>
    public long? Seq { get; init; }

    /// <summary>The source, if different from the feed's.</summary>
    public string? Source { get; init; }

    /// <summary>The epoch, if different from the feed's.</summary>
    public long? Epoch { get; init; }

    /// <summary>Writes the record as a line of JSON without its line end.</summary>
    internal virtual void WriteTo(Utf8JsonWriter json, long? seq)
    {
        json.WriteStartObject();
        WriteFields(json);
        if ((Seq ?? seq) is { } number) json.WriteNumber("seq", number);
        if (Source is not null) json.WriteString("source", Source);
        if (Epoch is { } epoch) json.WriteNumber("epoch", epoch);
        json.WriteEndObject();
    }

    private protected abstract void WriteFields(Utf8JsonWriter json);

    private protected static void Begin(Utf8JsonWriter json, string? symbol, NanoTime time, string? kind)
    {
        if (symbol is not null) json.WriteString("symbol", symbol);
        json.WriteNumber("ts", time.Nanoseconds);
        if (kind is not null) json.WriteString("kind", kind);
    }
}

/// <summary>A trade.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Time">Exchange time.</param>
/// <param name="Price">The price.</param>
/// <param name="Size">The size; 0 if unknown.</param>
public sealed record Tick(string Symbol, NanoTime Time, decimal Price, decimal Size = 0) : MarketRecord
{
    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, Symbol, Time, null);
        json.WriteNumber("price", Price);
        json.WriteNumber("size", Size);
    }
}

/// <summary>A trade with its sale condition.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Time">Exchange time.</param>
/// <param name="Price">The price.</param>
/// <param name="Size">The size.</param>
/// <param name="Condition">The sale condition; null for none.</param>
public sealed record Print(string Symbol, NanoTime Time, decimal Price, decimal Size, string? Condition) : MarketRecord
{
    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, Symbol, Time, "print");
        json.WriteNumber("price", Price);
        json.WriteNumber("size", Size);
        if (Condition is not null) json.WriteString("condition", Condition);
    }
}

/// <summary>Best bid and ask. A side that is not quoted is 0.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Time">Exchange time.</param>
public sealed record Quote(string Symbol, NanoTime Time) : MarketRecord
{
    /// <summary>The best bid.</summary>
    public required decimal Bid { get; init; }

    /// <summary>The size of the best bid.</summary>
    public decimal BidSize { get; init; }

    /// <summary>The best ask.</summary>
    public required decimal Ask { get; init; }

    /// <summary>The size of the best ask.</summary>
    public decimal AskSize { get; init; }

    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, Symbol, Time, "quote");
        json.WriteNumber("bid", Bid);
        json.WriteNumber("bid_size", BidSize);
        json.WriteNumber("ask", Ask);
        json.WriteNumber("ask_size", AskSize);
    }
}

/// <summary>A side of an order book.</summary>
public enum BookSide
{
    /// <summary>Buyers.</summary>
    Bid,

    /// <summary>Sellers.</summary>
    Ask,
}

/// <summary>A new state of one level of an order book; a quantity of 0 removes it.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Time">Exchange time.</param>
/// <param name="Side">The side.</param>
/// <param name="Price">The price of the level.</param>
/// <param name="Quantity">The new quantity of the level.</param>
public sealed record BookUpdate(string Symbol, NanoTime Time, BookSide Side, decimal Price, decimal Quantity) : MarketRecord
{
    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, Symbol, Time, "book");
        json.WriteString("side", Side == BookSide.Bid ? "bid" : "ask");
        json.WriteNumber("price", Price);
        json.WriteNumber("quantity", Quantity);
    }
}

/// <summary>An external bar.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="OpenTime">Start of the bar.</param>
/// <param name="Frame">The frame: <c>1min</c>, <c>1hour</c>, <c>1day</c> or another frame that the node knows.</param>
public sealed record BarRecord(string Symbol, NanoTime OpenTime, string Frame) : MarketRecord
{
    /// <summary>The first price.</summary>
    public required decimal Open { get; init; }

    /// <summary>The highest price.</summary>
    public required decimal High { get; init; }

    /// <summary>The lowest price.</summary>
    public required decimal Low { get; init; }

    /// <summary>The last price.</summary>
    public required decimal Close { get; init; }

    /// <summary>The symbol.</summary>
    public decimal Volume { get; init; }

    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, Symbol, OpenTime, "bar");
        json.WriteString("frame", Frame);
        json.WriteNumber("open", Open);
        json.WriteNumber("high", High);
        json.WriteNumber("low", Low);
        json.WriteNumber("close", Close);
        json.WriteNumber("volume", Volume);
    }
}

/// <summary>The sentiment of a news item.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Time">Time of publication.</param>
/// <param name="Score">The score, -1 to 1.</param>
/// <param name="Magnitude">The strength, 0 or more.</param>
public sealed record NewsSentiment(string Symbol, NanoTime Time, decimal Score, decimal Magnitude) : MarketRecord
{
    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, Symbol, Time, "news");
        json.WriteNumber("sentiment_score", Score);
        json.WriteNumber("sentiment_magnitude", Magnitude);
    }
}

/// <summary>Valuation of a company; at least one of the two values is required.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Time">Time of the value.</param>
/// <param name="MarketCap">The capitalisation, in currency units.</param>
/// <param name="PeRatio">Price/earnings ratio.</param>
public sealed record MarketData(string Symbol, NanoTime Time, double? MarketCap, decimal? PeRatio) : MarketRecord
{
    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, Symbol, Time, "market");
        if (MarketCap is { } worth) json.WriteNumber("market_cap", worth);
        if (PeRatio is { } ratio) json.WriteNumber("pe_ratio", ratio);
    }
}

/// <summary>An economic figure.</summary>
/// <param name="Time">Time of the value.</param>
/// <param name="Name">The name of the indicator.</param>
/// <param name="Value">The figure.</param>
public sealed record EconomicIndicator(NanoTime Time, string Name, double Value) : MarketRecord
{
    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, null, Time, "economic");
        json.WriteString("indicator_name", Name);
        json.WriteNumber("value", Value);
    }
}

/// <summary>
/// A JSON object in any dialect that the node reads, sent unchanged. Without a <c>seq</c> in the text duplicates cannot be detected: a
/// record sent again after a reconnect counts again. Numeric times are nanoseconds.
/// </summary>
/// <param name="Json">The object, on one line.</param>
/// <exception cref="ArgumentException">The text has more than one line.</exception>
public sealed record JsonRecord(string Json) : MarketRecord
{
    /// <summary>The object, on one line.</summary>
    public string Json { get; } = Json.AsSpan().ContainsAny('\n', '\r')
        ? throw new ArgumentException("A record must be one line.", nameof(Json)) : Json;

    internal override void WriteTo(Utf8JsonWriter json, long? seq) => json.WriteRawValue(Json);

    private protected override void WriteFields(Utf8JsonWriter json)
    {
    }
}
