using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// One record of any kind as received: well-formed, but not yet checked by <see cref="Admission.TickRules"/>, so its numbers may be
/// invalid. Prices and sizes are in its <see cref="Units"/>. A single type for all kinds lets records of different kinds pass one pipeline
/// in order without allocation. Create a record with the factory method of its kind; convert a checked record with the type of its kind
/// (<see cref="Tick.From"/> and the like).
/// </summary>
public struct Record
{
    // Stored as a number so that it shares a word with other fields; a nested struct takes a word of its own.
    private short units;

    private Record(RecordKind kind, Symbol symbol, in Identity id, Timestamp time)
    {
        Kind = kind;
        Symbol = symbol;
        Id = id;
        Time = time;
    }

    /// <summary>The kind of record.</summary>
    public RecordKind Kind { readonly get; private set; }

    /// <summary>The frame of a <see cref="RecordKind.Bar"/>; <see cref="Frame.Tick"/> for a bar without a frame.</summary>
    public Frame Frame { readonly get; private set; }

    /// <summary>The side of a <see cref="RecordKind.BookUpdate"/>.</summary>
    public BookSide Side { readonly get; private set; }

    /// <summary>The symbol; <see cref="Symbol.Economy"/> for an economic indicator.</summary>
    public Symbol Symbol { readonly get; private set; }

    /// <summary>The source, epoch and sequence number.</summary>
    public Identity Id { readonly get; private set; }

    /// <summary>Exchange time; for a bar, its start.</summary>
    public Timestamp Time { readonly get; private set; }

    /// <summary>Tick, print, book level: price. Quote: bid. Bar: open. News (in 1e-8): score. Market data (in 1e-8): P/E.</summary>
    public long A { readonly get; private set; }

    /// <summary>Tick, print, book level: size. Quote: bid size. Bar: high. News (in 1e-8): magnitude.</summary>
    public long B { readonly get; private set; }

    /// <summary>Quote: ask. Bar: low. Market data: capitalisation. Economic indicator: value. As raw double bits.</summary>
    public long C { readonly get; private set; }

    /// <summary>Quote: ask size. Bar: close.</summary>
    public long D { readonly get; private set; }

    /// <summary>Bar: the low 64 bits of its volume.</summary>
    public long E { readonly get; private set; }

    /// <summary>Bar: the high 64 bits of its volume, which is wider than a tick's size.</summary>
    public long VolumeHigh { readonly get; private set; }

    /// <summary>Units of prices and sizes: those of the sender, until the fold converts them to those of the instrument.</summary>
    public Units Units
    {
        readonly get => Units.Of(units);
        private set => units = value.Code;
    }

    /// <summary>The volume of a bar.</summary>
    public readonly Int128 Volume => new((ulong)VolumeHigh, (ulong)E);

    /// <summary>Print: sale condition. Economic indicator: its name. Other kinds: null.</summary>
    public string? Text { readonly get; private set; }

    /// <summary>A trade; price and size in 1e-8.</summary>
    public static Record OfTick(Symbol symbol, in Identity id, Timestamp time, long price, long size)
    {
        SetTick(out var record, symbol, id, time, (price, size, default));
        return record;
    }

    /// <summary>A trade, written in place: decoders create millions of records, and a record is large to copy.</summary>
    public static void SetTick(
        out Record record, Symbol symbol, in Identity id, Timestamp time, (long Price, long Size, Units Units) traded)
    {
        record = default;
        record.Kind = RecordKind.Tick;
        record.Symbol = symbol;
        record.Id = id;
        record.Time = time;
        record.A = traded.Price;
        record.B = traded.Size;
        record.Units = traded.Units;
    }

    /// <summary>Best bid and ask; all in 1e-8.</summary>
    public static Record OfQuote(
        Symbol symbol, in Identity id, Timestamp time, long bid, long bidSize, long ask, long askSize) =>
        new(RecordKind.Quote, symbol, id, time) { A = bid, B = bidSize, C = ask, D = askSize };

    /// <summary>One level of the order book; a quantity of zero removes the level. In 1e-8.</summary>
    public static Record OfBookUpdate(
        Symbol symbol, in Identity id, Timestamp time, BookSide side, long price, long quantity) =>
        new(RecordKind.BookUpdate, symbol, id, time) { Side = side, A = price, B = quantity };

    /// <summary>An external bar, stamped at its start; prices and volume in 1e-8.</summary>
    public static Record OfBar(
        Symbol symbol, in Identity id, Timestamp openTime, Frame frame, long open, long high, long low, long close, Int128 volume) =>
        new Record(RecordKind.Bar, symbol, id, openTime) { Frame = frame, A = open, B = high, C = low, D = close }.WithVolume(volume);

    /// <summary>A time-and-sales print; price and size in 1e-8.</summary>
    public static Record OfPrint(
        Symbol symbol, in Identity id, Timestamp time, long price, long size, string? condition) =>
        new(RecordKind.Print, symbol, id, time) { A = price, B = size, Text = condition };

    /// <summary>The sentiment of a news item; score (-1 to 1) and magnitude (0 or more) in 1e-8.</summary>
    public static Record OfNewsSentiment(Symbol symbol, in Identity id, Timestamp time, long score, long magnitude) =>
        new(RecordKind.NewsSentiment, symbol, id, time) { A = score, B = magnitude };

    /// <summary>Capitalisation in currency units (NaN if unknown), and P/E in 1e-8 (<see cref="MarketData.NoRatio"/> if unknown).</summary>
    public static Record OfMarketData(Symbol symbol, in Identity id, Timestamp time, double marketCap, long peRatio) =>
        new(RecordKind.MarketData, symbol, id, time) { A = peRatio, C = BitConverter.DoubleToInt64Bits(marketCap) };

    /// <summary>An economic figure.</summary>
    public static Record OfEconomicIndicator(in Identity id, Timestamp time, string name, double value) =>
        new(RecordKind.EconomicIndicator, Symbol.Economy, id, time) { Text = name, C = BitConverter.DoubleToInt64Bits(value) };

    /// <summary>A copy with another identity.</summary>
    public readonly Record WithIdentity(in Identity id) => this with { Id = id };

    /// <summary>A copy with another time.</summary>
    public readonly Record At(Timestamp time) => this with { Time = time };

    /// <summary>A copy whose numbers are taken as counts of other units; the numbers do not change.</summary>
    public readonly Record In(Units units) => this with { Units = units };

    /// <summary>A copy of the bar with another volume.</summary>
    public readonly Record WithVolume(Int128 volume) => this with { E = (long)(ulong)(UInt128)volume, VolumeHigh = (long)(volume >> 64) };

    /// <summary>A copy with other numbers, in other units.</summary>
    internal readonly Record WithNumbers(ReadOnlySpan<long> numbers, Units units) =>
        this with { A = numbers[0], B = numbers[1], C = numbers[2], D = numbers[3], Units = units };

    /// <summary>Creates a record of any kind from its fields, for codecs; the volume of a bar has 64 bits.</summary>
    public static Record Of(
        RecordKind kind, Symbol symbol, in Identity id, Timestamp time, long a, long b = 0, long c = 0, long d = 0, long e = 0,
        Frame frame = Frame.Tick, BookSide side = 0, string? text = null) =>
        new(kind, symbol, id, time)
        {
            A = a, B = b, C = c, D = d, E = e, VolumeHigh = kind == RecordKind.Bar ? e >> 63 : 0, Frame = frame, Side = side, Text = text,
        };
}
