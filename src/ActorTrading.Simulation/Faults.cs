using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Simulation;

/// <summary>Makes a valid record break exactly one admission rule, within the default time limits.</summary>
internal static class Faults
{
    private static readonly string TooLong = new('x', 100);

    private static readonly RejectReason[] Trade =
        [RejectReason.TimeAbsurd, RejectReason.BadSequence, RejectReason.UnknownKind, RejectReason.PriceNotPositive,
            RejectReason.SizeNegative];

    private static readonly RejectReason[] Other = [RejectReason.TimeAbsurd, RejectReason.BadSequence, RejectReason.UnknownKind];

    private static readonly RejectReason[][] ByKind = MakeByKind();

    /// <summary>The rules that a record of this kind can break under any plan.</summary>
    public static ReadOnlySpan<RejectReason> Of(RecordKind kind) => ByKind[(int)kind];

    /// <summary>Returns the record with the fault. Its kind must be able to have that fault.</summary>
    public static Record Spoil(in Record good, RejectReason fault, ref Xoshiro256 random)
    {
        var first = random.Below(2) == 0;
        return fault switch
        {
            RejectReason.TimeAbsurd => good.At(AbsurdTime(random.Below(3))),
            RejectReason.BadSequence => good.WithIdentity(first
                ? good.Id with { Seq = -2 - random.Below(1_000) } : good.Id with { Epoch = -1 - random.Below(1_000) }),
            RejectReason.UnknownKind => With(good, good.A, kind: (RecordKind)(100 + random.Below(100))),
            RejectReason.PriceNotPositive => WithPrice(good, first),
            RejectReason.SizeNegative => WithSize(good, -1 - random.Below(Fixed8.One), first),
            RejectReason.CrossedQuote => Record.Of(
                good.Kind, good.Symbol, good.Id, good.Time, a: good.C, b: good.B, c: good.A, d: good.D),
            RejectReason.BadSide => With(good, good.A, side: (BookSide)(3 + random.Below(100))),
            RejectReason.UnknownFrame => With(good, good.A, frame: Frames.OfCode((byte)(first ? 99 : 100 + random.Below(100)))),
            RejectReason.OhlcInconsistent => first
                ? Bar(good, high: Math.Max(good.A, good.D) - 1, low: good.C)
                : Bar(good, high: good.B, low: Math.Min(good.A, good.D) + 1),
            RejectReason.BadText => With(good, good.A, text: first ? TooLong : "bell\a"),
            RejectReason.OutOfRange when good.Kind == RecordKind.MarketData =>
                Record.OfMarketData(good.Symbol, good.Id, good.Time, -1 - random.Below(1_000_000), good.A),
            RejectReason.OutOfRange => first
                ? With(good, Fixed8.One + 1 + random.Below(Fixed8.One))
                : Record.OfNewsSentiment(good.Symbol, good.Id, good.Time, good.A, -1 - random.Below(Fixed8.One)),
            RejectReason.NotFinite when good.Kind == RecordKind.MarketData =>
                Record.OfMarketData(good.Symbol, good.Id, good.Time, double.PositiveInfinity, good.A),
            RejectReason.NotFinite => Record.OfEconomicIndicator(
                good.Id, good.Time, good.Text!, first ? double.NaN : double.NegativeInfinity),
            RejectReason.MissingField => Record.OfMarketData(good.Symbol, good.Id, good.Time, double.NaN, MarketData.NoRatio),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
    }

    /// <summary>Returns a trade at a tenth or ten times its price.</summary>
    public static Record Spike(in Record good, ref Xoshiro256 random) =>
        With(good, random.Below(2) == 0 ? good.A * 10 : good.A / 10);

    private static RejectReason[][] MakeByKind()
    {
        var byKind = new RejectReason[(int)RecordKind.EconomicIndicator + 1][];
        byKind[(int)RecordKind.Tick] = Trade;
        byKind[(int)RecordKind.Print] = [.. Trade, RejectReason.BadText];
        byKind[(int)RecordKind.Quote] = [.. Trade, RejectReason.CrossedQuote];
        byKind[(int)RecordKind.BookUpdate] = [.. Trade, RejectReason.BadSide];
        byKind[(int)RecordKind.Bar] = [.. Trade, RejectReason.UnknownFrame, RejectReason.OhlcInconsistent];
        byKind[(int)RecordKind.NewsSentiment] = [.. Other, RejectReason.OutOfRange];
        byKind[(int)RecordKind.MarketData] = [.. Other, RejectReason.OutOfRange, RejectReason.NotFinite, RejectReason.MissingField];
        byKind[(int)RecordKind.EconomicIndicator] = [.. Other, RejectReason.NotFinite, RejectReason.BadText];
        return byKind;
    }

    private static Timestamp AbsurdTime(long which) => which switch
    {
        0 => new Timestamp(0),
        1 => Timestamp.OfDate(1807, 3, 4),
        _ => Timestamp.OfDate(2222, 2, 2),
    };

    private static Record WithPrice(in Record good, bool first) => good.Kind switch
    {
        RecordKind.Quote when first => Record.Of(good.Kind, good.Symbol, good.Id, good.Time, good.A, good.B, 0, good.D),
        RecordKind.Bar when first => Bar(good, good.B, low: -good.C),
        _ => With(good, first ? 0 : -good.A),
    };

    private static Record WithSize(in Record good, long size, bool first) => good.Kind switch
    {
        RecordKind.Bar => Record.Of(good.Kind, good.Symbol, good.Id, good.Time, good.A, good.B, good.C, good.D, size, good.Frame),
        RecordKind.Quote when first => Record.Of(good.Kind, good.Symbol, good.Id, good.Time, good.A, good.B, good.C, size),
        _ => Record.Of(good.Kind, good.Symbol, good.Id, good.Time, good.A, size, good.C, good.D, good.E, good.Frame, good.Side, good.Text),
    };

    private static Record Bar(in Record good, long high, long low) =>
        Record.Of(good.Kind, good.Symbol, good.Id, good.Time, good.A, high, low, good.D, good.E, good.Frame);

    private static Record With(
        in Record good, long a, RecordKind? kind = null, Frame? frame = null, BookSide? side = null, string? text = null) =>
        Record.Of(
            kind ?? good.Kind, good.Symbol, good.Id, good.Time, a, good.B, good.C, good.D, good.E,
            frame ?? good.Frame, side ?? good.Side, text ?? good.Text);
}
