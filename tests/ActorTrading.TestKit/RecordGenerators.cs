using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTrading.TestKit;

/// <summary>
/// FsCheck generators of records. <see cref="Valid"/> passes the rules of admission with their default limits. <see cref="Hostile"/> is
/// anything that a <see cref="Record"/> can contain under a known kind: impossible numbers, NaN bits, fields that its kind does not have,
/// texts with lone surrogates.
/// </summary>
public static class RecordGenerators
{
    /// <summary>The symbols of the records; few enough to repeat within a short stream.</summary>
    public static IReadOnlyList<Symbol> Symbols { get; } =
        [.. new[]
        {
            "AAPL", "MSFT", "BTC/USD", "ES=F", "X", "BRK.B", "SPXW  260120P06835000", "币安人生USDT", new string('L', Symbol.MaxLength),
        }
            .Select(Symbol.Parse)];

    /// <summary>The senders of the records, including the anonymous one.</summary>
    public static IReadOnlyList<Source> Sources { get; } =
        [Source.Anonymous, Source.Parse("feed-a"), Source.Parse("feed b"), Source.Parse(new string('s', Source.MaxLength))];

    /// <summary>The sender: usually with realistic sequence numbers, sometimes without.</summary>
    public static Gen<Identity> Identity { get; } =
        from source in Gen.Elements<Source>(Sources)
        from epoch in Gen.Choose(0, 3)
        from seq in Gen.Frequency(
            (1, Gen.Constant(Domain.Records.Identity.None)),
            (8, Gen.Choose(0, 1000).Select(seq => (long)seq)),
            (1, Magnitude(62)))
        select new Identity(source, epoch, seq);

    /// <summary>A plausible timestamp, with whole seconds or odd nanoseconds.</summary>
    public static Gen<Timestamp> Time { get; } =
        from second in Gen.Choose(1_000_000_000, 1_900_000_000)
        from unit in Gen.Elements(1L, 1_000L, 1_000_000L, 1_000_000_000L)
        from fraction in Gen.Choose(0, 999_999_999)
        select new Timestamp((second * Timestamp.Second) + (fraction / unit * unit));

    /// <summary>A price in 1e-8: cents, pips, whole units and odd values.</summary>
    public static Gen<long> Price { get; } = Gen.OneOf(
        Gen.Choose(1, 100_000).Select(cents => cents * 1_000_000L),
        Gen.Choose(1, 5_000).Select(units => units * Fixed8.One),
        Magnitude(62).Select(units => Math.Max(units, 1)));

    /// <summary>A quantity in 1e-8, including zero.</summary>
    public static Gen<long> Quantity { get; } = Gen.OneOf(
        Gen.Choose(0, 10_000).Select(units => units * Fixed8.One),
        Magnitude(62));

    /// <summary>Any 64 bits, including the extremes and small numbers of either sign.</summary>
    public static Gen<long> AnyLong { get; } = Gen.OneOf(
        Gen.Elements(0, 1, -1, 10, -10, long.MinValue, long.MaxValue, long.MinValue + 1, Fixed8.One, -Fixed8.One,
            BitConverter.DoubleToInt64Bits(double.NaN), BitConverter.DoubleToInt64Bits(double.NegativeInfinity),
            BitConverter.DoubleToInt64Bits(-0.0), unchecked((long)0x7ff0_0000_0000_0001), long.MaxValue / 10 * 10),
        Magnitude(63),
        Magnitude(63).Select(value => ~value),
        Price);

    /// <summary>A record of any kind that the rules of admission accept.</summary>
    public static Gen<Record> Valid { get; } =
        Gen.OneOf(Enum.GetValues<RecordKind>().Select(ValidOf));

    /// <summary>Any record of a known kind, possible or not.</summary>
    public static Gen<Record> Hostile { get; } =
        from kind in Gen.Elements(Enum.GetValues<RecordKind>())
        from symbol in Gen.Elements<Symbol>(Symbols)
        from source in Gen.Elements<Source>(Sources)
        from epoch in AnyLong
        from seq in AnyLong
        from time in AnyLong
        from numbers in Gen.ArrayOf(AnyLong, 5)
        from isBare in Gen.Elements(true, false)
        from frame in Gen.OneOf(
            Gen.Choose(8, 255).Select(code => Frames.OfCode((byte)code)),
            Gen.Choose(0, (int)Frame.OneDay).Select(seconds => (Frame)seconds))
        from side in Gen.Choose(0, 255)
        from text in AnyText
        select isBare
            ? Record.Of(kind, SymbolFor(kind, symbol), new Identity(source, epoch, seq), new(time), numbers[0], numbers[1])
            : Record.Of(
                kind, SymbolFor(kind, symbol), new Identity(source, epoch, seq), new(time),
                numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], frame, (BookSide)side, text);

    /// <summary>Like <see cref="Hostile"/>, with numbers in any units, and bars with volumes of 128 bits.</summary>
    public static Gen<Record> InAnyUnits { get; } =
        from record in Hostile
        from price in Gen.Frequency((2, Gen.Constant(Fixed8.Decimals)), (3, Gen.Choose(0, Units.MaxCarried)))
        from size in Gen.Frequency((2, Gen.Constant(Fixed8.Decimals)), (3, Gen.Choose(0, Units.MaxCarried)))
        from isInexact in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        from high in Gen.OneOf(Gen.Elements(0L, -1L, 1L, long.MinValue, long.MaxValue), AnyLong)
        from isWide in Gen.Elements(true, false)
        let inUnits = record.Kind <= RecordKind.Print ? record.In(new Units(price, size, isInexact)) : record
        select isWide && record.Kind == RecordKind.Bar ? inUnits.WithVolume(new Int128((ulong)high, (ulong)record.E)) : inUnits;

    /// <summary>No text, an empty one, or a short one of any characters.</summary>
    public static Gen<string?> AnyText =>
        Gen.OneOf(
            Gen.Constant<string?>(null),
            Gen.Elements<string?>("", "@ T", "é", "\0", "価格", "\ud800", "\udc00\ud800", new string('x', 300)),
            Gen.ListOf(Gen.Choose(0, 0xffff)).Select(codes => (string?)new string([.. codes.Select(code => (char)code)])));

    /// <summary>A record of one kind that the rules of admission accept.</summary>
    public static Gen<Record> ValidOf(RecordKind kind) =>
        from symbol in Gen.Elements<Symbol>(Symbols)
        from id in Identity
        from time in Time
        from record in ValidOf(kind, symbol, id, time)
        select record;

    /// <summary>A stream of records.</summary>
    public static Gen<Record[]> Stream(Gen<Record> records) => Gen.ArrayOf(records);

    /// <summary>Records of one symbol, at least one.</summary>
    public static Gen<Record[]> StreamOfOne(Symbol symbol, Gen<Record> records) =>
        Gen.NonEmptyListOf(records).Select(list => list.Select(record => Under(symbol, record)).ToArray());

    /// <summary>The same records every time, for tests that share one stream.</summary>
    public static Record[] Some(Gen<Record> records, int count, ulong seed) =>
        [.. Gen.Sample(records, count, new Rnd(seed), 50)];

    private static Gen<Record> ValidOf(RecordKind kind, Symbol symbol, Identity id, Timestamp time) => kind switch
    {
        RecordKind.Tick =>
            from price in Price
            from size in Quantity
            select Record.OfTick(symbol, id, time, price, size),
        RecordKind.Quote =>
            from one in Price
            from other in Price
            from bidSize in Quantity
            from askSize in Quantity
            select Record.OfQuote(symbol, id, time, Math.Min(one, other), bidSize, Math.Max(one, other), askSize),
        RecordKind.BookUpdate =>
            from side in Gen.Elements(BookSide.Bid, BookSide.Ask)
            from price in Price
            from quantity in Quantity
            select Record.OfBookUpdate(symbol, id, time, side, price, quantity),
        RecordKind.Bar =>
            from frame in Gen.Elements(Frames.Common.Where(frame => frame is > Frame.Tick and <= Frame.OneDay).ToArray())
            from prices in Gen.ArrayOf(Price, 4)
            from volume in Quantity
            select Record.OfBar(symbol, id, time, frame, prices[0], prices.Max(), prices.Min(), prices[1], volume),
        RecordKind.Print =>
            from price in Price
            from size in Quantity
            from condition in Gen.Elements<string?>(null, "", "@ T", "F", "価格", new string('c', Print.MaxConditionLength))
            select Record.OfPrint(symbol, id, time, price, size, condition),
        RecordKind.NewsSentiment =>
            from score in Gen.Choose(-100, 100)
            from magnitude in Quantity
            select Record.OfNewsSentiment(symbol, id, time, score * (Fixed8.One / 100), magnitude),
        RecordKind.MarketData =>
            from marketCap in Gen.Elements(double.NaN, 0, 1, 3.5e12, 1e-300)
            from ratio in Magnitude(40)
            select Record.OfMarketData(symbol, id, time, marketCap, ratio - (1L << 20)),
        _ =>
            from name in Gen.Elements("cpi", "unemployment", "gdp Ø", new string('n', EconomicIndicator.MaxNameLength))
            from value in Gen.Elements(0.0, -0.0, 3.7, -1e9, double.Epsilon, double.MaxValue)
            select Record.OfEconomicIndicator(id, time, name, value),
    };

    private static Record Under(Symbol symbol, in Record record) => Record.Of(
        record.Kind, symbol, record.Id, record.Time,
        record.A, record.B, record.C, record.D, record.E, record.Frame, record.Side, record.Text);

    private static Symbol SymbolFor(RecordKind kind, Symbol symbol) =>
        kind == RecordKind.EconomicIndicator ? Symbol.Economy : symbol;

    /// <summary>Numbers from zero up, of every length in bits up to the given one.</summary>
    private static Gen<long> Magnitude(int bits) =>
        from high in Gen.Choose(0, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        from middle in Gen.Choose(0, 1)
        from length in Gen.Choose(1, bits)
        select (((long)high << 32) | ((long)middle << 31) | (long)low) & (long)(ulong.MaxValue >> (64 - length));
}
