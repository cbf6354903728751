using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Text;

/// <summary>Text formats of records. Readers detect all of them.</summary>
public enum Dialect
{
    /// <summary><c>{"symbol":"AAPL","ts":1720522800000000000,"price":227.99,"size":100,"seq":17}</c>: every kind.</summary>
    Canonical,

    /// <summary>
    /// <c>{"stock_symbol":..,"opening_price":..,"closing_price":..,"high":..,"low":..,"volume":..,"timestamp":..}</c>: bars.
    /// </summary>
    Stock,

    /// <summary><c>{"data_type":"order_book",..}</c> and its siblings: book updates, news, market data, economic indicators.</summary>
    DataType,

    /// <summary><c>{"ISIN":..,"PRICE":..,"DATETIME":..}</c>: ticks.</summary>
    Isin,

    /// <summary><c>{"timestamp":..,"service":"TIMESALE","symbols":{"AAPL":{..},"TSLA":{..}}}</c>: prints, quotes, bars.</summary>
    Envelope,

    /// <summary><c>{"AAPL":{"open":..,"high":..,"low":..,"close":..,"volume":..,"datetime":..}}</c>: bars.</summary>
    SymbolBars,

    /// <summary>A table of <c>timestamp,symbol,price,size</c>: ticks.</summary>
    CsvTrades,

    /// <summary>A table of <c>timestamp,symbol,open,high,low,close,volume</c>: bars.</summary>
    CsvBars,

    /// <summary>A table of <c>timestamp,symbol,bid,bid_size,ask,ask_size</c>: quotes.</summary>
    CsvQuotes,
}

/// <summary>Names of dialects, and the kinds that each supports.</summary>
public static class Dialects
{
    /// <summary>All dialects.</summary>
    public static IReadOnlyList<Dialect> All { get; } = Enum.GetValues<Dialect>();

    /// <summary>
    /// The name on the command line: <c>canonical</c>, <c>stock</c>, <c>data-type</c>, <c>isin</c>, <c>envelope</c>, <c>symbol-bars</c>,
    /// <c>csv-trades</c>, <c>csv-bars</c>, <c>csv-quotes</c>.
    /// </summary>
    public static string Name(this Dialect dialect) => dialect switch
    {
        Dialect.Canonical => "canonical",
        Dialect.Stock => "stock",
        Dialect.DataType => "data-type",
        Dialect.Isin => "isin",
        Dialect.Envelope => "envelope",
        Dialect.SymbolBars => "symbol-bars",
        Dialect.CsvTrades => "csv-trades",
        Dialect.CsvBars => "csv-bars",
        Dialect.CsvQuotes => "csv-quotes",
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, null),
    };

    /// <summary>Parses a dialect's name.</summary>
    public static bool TryParse(string name, out Dialect dialect)
    {
        foreach (var candidate in All)
        {
            if (candidate.Name() != name) continue;
            dialect = candidate;
            return true;
        }

        dialect = default;
        return false;
    }

    /// <summary>Whether the dialect is a table, which begins with a header.</summary>
    public static bool IsTable(this Dialect dialect) => dialect >= Dialect.CsvTrades;

    /// <summary>Whether the dialect supports that kind.</summary>
    public static bool Carries(this Dialect dialect, RecordKind kind) => dialect switch
    {
        Dialect.Canonical => true,
        Dialect.DataType =>
            kind is RecordKind.BookUpdate or RecordKind.NewsSentiment or RecordKind.MarketData or RecordKind.EconomicIndicator,
        Dialect.Isin or Dialect.CsvTrades => kind == RecordKind.Tick,
        Dialect.Envelope => kind is RecordKind.Print or RecordKind.Quote or RecordKind.Bar,
        Dialect.CsvQuotes => kind == RecordKind.Quote,
        _ => kind == RecordKind.Bar,
    };
}
