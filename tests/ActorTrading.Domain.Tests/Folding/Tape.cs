using System.Globalization;
using ActorTrading.Calendars;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>
/// Feeds the records of one symbol to the fold. Times are written as <c>10:01:00</c> on 2024-07-09 UTC (or with a date), prices and sizes
/// in whole units. The state is validated after each step.
/// </summary>
internal sealed class Tape
{
    public static readonly Symbol Symbol = Symbol.Parse("AAPL");

    public static readonly Source Feed = Domain.Values.Source.Parse("feed");

    public Tape(string plan)
        : this(new SymbolPlan(Plan.Parse(plan, VenueCalendars.Source).For(Symbol)))
    {
    }

    public Tape(SymbolPlan plan) => State = new SymbolState(Symbol, plan);

    public SymbolState State { get; private set; }

    public FoldLog Log { get; } = new();

    public StateHash Hash => StateHash.Of(State);

    public SourceState Anonymous => Source("-");

    /// <summary>The output bars of a frame, as <c>10:01:00 1 3 1 2 (7)</c>: open, high, low, close, volume in whole units.</summary>
    public IEnumerable<string> Bars(Frame frame) => Log.Bars.Where(bar => bar.Frame == frame).Select(bar => Text(bar.Bar));

    public static string Text(Bar bar) => string.Create(
        CultureInfo.InvariantCulture,
        $"{bar.Opened.ToString()[11..19]} {Units(bar.Open)} {Units(bar.High)} {Units(bar.Low)} {Units(bar.Close)} "
        + $"({Fixed8.Format((long)bar.Volume)})");

    public static Timestamp At(string time) => Timestamp.FromDateTime(DateTime.Parse(
        time.Contains('-', StringComparison.Ordinal) ? time : $"2024-07-09T{time}",
        CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal));

    public static Record TickAt(string time, double price, double size = 1, long seq = Identity.None) =>
        Record.OfTick(Symbol, IdOf(seq), At(time), Of(price), Of(size));

    public static Record BarAt(string time, Frame frame, double open, double high, double low, double close, double volume = 1) =>
        Record.OfBar(Symbol, Identity.Anonymous, At(time), frame, Of(open), Of(high), Of(low), Of(close), Of(volume));

    public static Record QuoteAt(string time, double bid, double ask, double bidSize = 1, double askSize = 1) =>
        Record.OfQuote(Symbol, Identity.Anonymous, At(time), Of(bid), Of(bidSize), Of(ask), Of(askSize));

    public static Identity IdOf(long seq) => seq == Identity.None ? Identity.Anonymous : new Identity(Feed, 0, seq);

    public static long Of(double units) => (long)Math.Round(units * Fixed8.One);

    public string Tick(string time, double price, double size = 1, long seq = Identity.None) => Take(TickAt(time, price, size, seq));

    public string Bar(string time, Frame frame, double open, double high, double low, double close, double volume = 1) =>
        Take(BarAt(time, frame, open, high, low, close, volume));

    public string Bar(string time, Frame frame, double price) => Bar(time, frame, price, price, price, price);

    public string Quote(string time, double bid, double ask) => Take(QuoteAt(time, bid, ask));

    /// <summary>Decides and applies a record; returns applied, late, duplicate, or the reason of the rejection.</summary>
    public string Take(in Record record)
    {
        var before = Hash;
        var decision = Fold.Decide(State, record);
        Assert.Equal(before, Hash);
        State.Validate();
        if (decision.Verdict != Verdict.Accepted)
            return decision.Verdict == Verdict.Duplicate ? "duplicate" : decision.Reason.Name();
        var inTime = Fold.Apply(State, record, Log);
        State.Validate();
        return inTime ? "applied" : "late";
    }

    public void Clock(string time) => Clock(At(time));

    public void Clock(Timestamp to)
    {
        Fold.Apply(State, new ClockAdvanced(Symbol, to), Log);
        State.Validate();
    }

    /// <summary>Continues from a snapshot.</summary>
    public void Restart()
    {
        var writer = new StateWriter();
        State.Write(writer);
        State = SymbolState.Read(writer.Written, State.Plan);
    }

    public double Value(string indicator, Frame frame) =>
        State.Ohlcv.Value(frame, IndicatorSpec.TryParse(indicator, out var spec, out _) ? spec : throw new ArgumentException(indicator));

    public string? Open(Frame frame) => State.Ohlcv.OpenBar(frame) is { } bar ? Text(bar) : null;

    public string? SoFar(Frame frame) => State.Ohlcv.BarSoFar(frame) is { } bar ? Text(bar) : null;

    public string? Last(Frame frame) => State.Ohlcv.LastBar(frame) is { } bar ? Text(bar) : null;

    public SourceState Source(string name)
    {
        foreach (var source in State.Sources.Entries)
        {
            if (source.Source.Name == name) return source;
        }

        throw new ArgumentException($"no source {name}");
    }

    private static string Units(long units) => Fixed8.Format(units);
}
