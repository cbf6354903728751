using System.Text.Json;

namespace ActorTrading.Client.Records;

/// <summary>
/// Something that is sent to a node. Prices and sizes are exact decimals; how many of them count is the plan's affair. A record is
/// checked by the node, not
/// here.
/// </summary>
public abstract record MarketRecord
{
    /// <summary>
    /// The number of the record within its source and epoch; a <see cref="Feed"/> gives the next one where there is none.
    /// </summary>
    public long? Seq { get; init; }

    /// <summary>The source, where it is not the feed's.</summary>
    public string? Source { get; init; }

    /// <summary>The epoch, where it is not the feed's.</summary>
    public long? Epoch { get; init; }

    /// <summary>Writes the record as a line of JSON without its end.</summary>
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
/// <param name="Symbol">What was traded.</param>
/// <param name="Time">When, by the exchange's clock.</param>
/// <param name="Price">The price.</param>
/// <param name="Size">How much; 0 where it is not known.</param>
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
/// <param name="Symbol">What was traded.</param>
/// <param name="Time">When, by the exchange's clock.</param>
/// <param name="Price">The price.</param>
/// <param name="Size">How much.</param>
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

/// <summary>Best bid and ask; a side that is not quoted is 0.</summary>
/// <param name="Symbol">What is quoted.</param>
/// <param name="Time">When, by the exchange's clock.</param>
public sealed record Quote(string Symbol, NanoTime Time) : MarketRecord
{
    /// <summary>The best bid.</summary>
    public required decimal Bid { get; init; }

    /// <summary>How much is bid for.</summary>
    public decimal BidSize { get; init; }

    /// <summary>The best ask.</summary>
    public required decimal Ask { get; init; }

    /// <summary>How much is offered.</summary>
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

/// <summary>One level of an order book set anew; a quantity of 0 takes it away.</summary>
/// <param name="Symbol">Whose book it is.</param>
/// <param name="Time">When, by the exchange's clock.</param>
/// <param name="Side">The side.</param>
/// <param name="Price">The price of the level.</param>
/// <param name="Quantity">What is left at it.</param>
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

/// <summary>A bar that was made elsewhere.</summary>
/// <param name="Symbol">Of what.</param>
/// <param name="OpenTime">When it opened.</param>
/// <param name="Frame">How long it is: <c>1min</c>, <c>1hour</c>, <c>1day</c> or another frame that the node knows.</param>
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

    /// <summary>What was traded.</summary>
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

/// <summary>The sentiment of a piece of news.</summary>
/// <param name="Symbol">Whom it is about.</param>
/// <param name="Time">When it came out.</param>
/// <param name="Score">From -1 to 1.</param>
/// <param name="Magnitude">How strong it is, from 0 up.</param>
public sealed record NewsSentiment(string Symbol, NanoTime Time, decimal Score, decimal Magnitude) : MarketRecord
{
    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, Symbol, Time, "news");
        json.WriteNumber("sentiment_score", Score);
        json.WriteNumber("sentiment_magnitude", Magnitude);
    }
}

/// <summary>What a company is worth; one of the two at least.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Time">As of when.</param>
/// <param name="MarketCap">Its capitalisation, in units of the currency.</param>
/// <param name="PeRatio">Price by earnings.</param>
public sealed record MarketData(string Symbol, NanoTime Time, double? MarketCap, decimal? PeRatio) : MarketRecord
{
    private protected override void WriteFields(Utf8JsonWriter json)
    {
        Begin(json, Symbol, Time, "market");
        if (MarketCap is { } worth) json.WriteNumber("market_cap", worth);
        if (PeRatio is { } ratio) json.WriteNumber("pe_ratio", ratio);
    }
}

/// <summary>A figure of the economy at large.</summary>
/// <param name="Time">As of when.</param>
/// <param name="Name">What it is called.</param>
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
/// An object of JSON in any dialect that the node reads, sent as it is. Without a <c>seq</c> of its own in the text it cannot be
/// told from its copy: what is
/// sent again after a break counts again. Numeric times are nanoseconds.
/// </summary>
/// <param name="Json">The object, on one line.</param>
/// <exception cref="ArgumentException">It has several lines.</exception>
public sealed record JsonRecord(string Json) : MarketRecord
{
    /// <summary>The object, on one line.</summary>
    public string Json { get; } = Json.AsSpan().ContainsAny('\n', '\r')
        ? throw new ArgumentException("A record is one line.", nameof(Json)) : Json;

    internal override void WriteTo(Utf8JsonWriter json, long? seq) => json.WriteRawValue(Json);

    private protected override void WriteFields(Utf8JsonWriter json)
    {
    }
}
