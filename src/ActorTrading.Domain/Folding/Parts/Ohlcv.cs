using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding.Parts;

/// <summary>
/// Bars, indicators and rules of a symbol, in one block of words laid out by its plan. A price updates the bar of the smallest frame only.
/// When that bar closes, it is merged into the larger frames that it feeds, and so on. Bars that end at the same moment close together,
/// small to large, before any rule is evaluated; bars that end earlier close earlier, rules included. So no rule sees a value from after
/// its own moment. A record is late if its bar ended at or before the latest moment seen. A record outside of the calendar's sessions has
/// no bar and is never late.
/// Long because bars, indicators and rules share one memory and must change in one order.
/// </summary>
public sealed class Ohlcv
{
    // Value of NextClose while no bar is open; later than the end of any bar.
    internal const long NothingToClose = long.MaxValue;

    private readonly SymbolState symbol;
    private readonly SymbolPlan plan;
    private readonly long[] words;

    internal Ohlcv(SymbolState symbol, SymbolPlan plan)
    {
        this.symbol = symbol;
        this.plan = plan;
        words = plan.NewWords();
    }

    /// <summary>The whole state, as the words that snapshots store.</summary>
    public ReadOnlySpan<long> Words => words;

    /// <summary>
    /// The price with the latest timestamp, in units of the plan; 0 before the first. Of equal timestamps the last accepted price counts.
    /// </summary>
    public long LastPrice => plan.LastPrice.In(words);

    /// <summary>The last price, in units of the plan; null before the first.</summary>
    public long? NewestPrice => LastTime.Nanoseconds == long.MinValue ? null : LastPrice;

    /// <summary>Time of the last price, for a bar its start; the minimum time before the first.</summary>
    public Timestamp LastTime => new(plan.LastTime.In(words));

    /// <summary>Number of prices and bars outside of the calendar's sessions; they changed no bar.</summary>
    public long OffSession => plan.OffSession.In(words);

    /// <summary>Number of signals so far, counted from the last deletion of the symbol.</summary>
    public long Signals => LastSignalNumber & uint.MaxValue;

    /// <summary>Number of the last signal. Before the first: the number given by the deletion, or 0.</summary>
    public long LastSignalNumber => plan.SignalNumber.In(words);

    /// <summary>The value of an indicator on a frame, or NaN if it has none.</summary>
    public double Value(Frame frame, IndicatorSpec spec)
    {
        var offset = plan.SeriesOf(frame)?.ValueOffset(spec) ?? -1;
        return offset < 0 ? Indicator.Absent : BitConverter.Int64BitsToDouble(words[offset]);
    }

    /// <summary>The current value of a rule's operand; NaN while absent.</summary>
    public double Value(RuleOperand operand) => operand.Read(words);

    /// <summary>The last closed bar of a frame, or null.</summary>
    public Bar? LastBar(Frame frame) =>
        plan.SeriesOf(frame)?.Bars.Last(words) is { IsThere: true } bar ? bar : null;

    /// <summary>The open bar of a frame, or null. It contains only the bars of smaller frames that have closed.</summary>
    public Bar? OpenBar(Frame frame) =>
        plan.SeriesOf(frame)?.Bars is { } bars && bars.IsOpen(words) ? bars.Open(words) : null;

    /// <summary>
    /// The current bar of a frame: its closed part and the open bars of the smaller frames that it will contain. Null before its first
    /// price.
    /// </summary>
    public Bar? BarSoFar(Frame frame)
    {
        Bar? sum = null;
        for (var series = plan.SeriesOf(frame); series is not null; series = series.Source)
        {
            if (!series.Bars.IsOpen(words)) continue;
            var open = series.Bars.Open(words);
            if (sum is not { } earlier)
            {
                sum = open;
                continue;
            }

            earlier.Merge(open);
            sum = earlier;
        }

        if (sum is not { } bar) return null;
        bar.OpenTime = plan.Calendar.BucketAt(frame, bar.Opened).Start;
        return bar;
    }

    /// <summary>Start of the newest open bar of any frame; null while none is open.</summary>
    public Timestamp? NewestOpen =>
        Array.Find(plan.BarSeries, series => series.Bars.IsOpen(words)) is { } smallest ? smallest.Bars.Open(words).Opened : null;

    /// <summary>End of the open bar that ends first; the maximum time while none is open.</summary>
    public Timestamp NextClose => new(plan.NextClose.In(words));

    internal Span<long> Memory => words;

    internal void PrefetchWindows()
    {
        foreach (var window in plan.WindowsOfTick) CacheLines.Prefetch(ref words[window.Next(words)]);
    }

    internal void BeginSignalsAfter(long number) => plan.SignalNumber.In(words) = number;

    internal long NextSignalNumber() => ++plan.SignalNumber.In(words);

    /// <summary>Notes a price as the reference for the checks of the next one, whether or not it changes a bar.</summary>
    internal void TakePrice(long time, long price)
    {
        ref var last = ref plan.LastTime.In(words);
        if (time < last) return;
        last = time;
        plan.LastPrice.In(words) = price;
    }

    /// <summary>
    /// Adds the trigger's price to its bar. Returns false if the price was too late. A price that does not count
    /// (<see cref="TradingCalendar.Counts"/>) changes no bar.
    /// </summary>
    internal bool Trade(in Trigger trigger, long size, bool counts, IFoldOutput output)
    {
        var memory = words.AsSpan();
        var (time, price) = (trigger.Time.Nanoseconds, trigger.Price);
        if (time >= plan.NextClose.In(memory)) CloseUntil(time, trigger, memory, output);

        var inTime = true;
        if (plan.Base is { } smallest)
        {
            inTime = !counts ? TakeOffSession(smallest, time, memory)
                : time >= plan.FilledUntil.In(memory) ? AddToBar(smallest, time, price, size, memory)
                : IsOffSession(smallest, time, memory);
        }

        CountOnTicks(trigger, size, memory, output);
        return inTime;
    }

    /// <summary>
    /// Merges an external bar without a frame: trades of one moment, added to the smallest bar as a price is. The tick frame receives its
    /// close. Returns false if it was too late for its bar.
    /// </summary>
    internal bool MergePart(in Record made, in Trigger trigger, bool counts, IFoldOutput output)
    {
        var memory = words.AsSpan();
        var time = trigger.Time.Nanoseconds;
        if (time >= plan.NextClose.In(memory)) CloseUntil(time, trigger, memory, output);

        var inTime = true;
        if (plan.Base is { } smallest)
        {
            var part = new Bar
            {
                OpenTime = time, Open = made.A, High = made.B, Low = made.C, Close = made.D, Volume = made.Volume, Ticks = 1,
            };
            inTime = !counts ? TakeOffSession(smallest, time, memory)
                : time >= plan.FilledUntil.In(memory) ? AddPart(smallest, part, memory)
                : IsOffSession(smallest, time, memory);
        }

        CountOnTicks(trigger, made.Volume, memory, output);
        return inTime;
    }

    /// <summary>Merges an external bar of a frame. Returns false if it was too late.</summary>
    internal bool Merge(in Record made, in Trigger trigger, IFoldOutput output)
    {
        var memory = words.AsSpan();
        var bucket = plan.Calendar.BucketOfBar(made.Frame, made.Time);
        if (!bucket.IsOpen)
        {
            plan.OffSession.In(memory)++;
            Advance(made.Time.Nanoseconds, trigger, output);
            return true;
        }

        CloseUntil(bucket.Start, trigger, memory, output);
        if (bucket.Start < plan.FilledUntil.In(memory)) return false;

        // The bar is the whole bucket, unless the smallest frame is larger. A whole bucket must not contain anything yet.
        var series = plan.SeriesFor(made.Frame)!;
        var isPartOfSmallest = series == plan.Base && series.Frame != made.Frame;
        if (!isPartOfSmallest && plan.Base!.Bars.IsOpen(memory)) return false;

        var bar = new Bar
        {
            OpenTime = bucket.Start, Session = bucket.Session,
            Open = made.A, High = made.B, Low = made.C, Close = made.D,
            Volume = made.Volume,
        };
        AddBar(series, bar, memory);
        Advance(bucket.End, trigger, output);
        return true;
    }

    /// <summary>Closes the bars that end by that time; nothing before it can change any more.</summary>
    internal void Advance(long time, in Trigger trigger, IFoldOutput output)
    {
        var memory = words.AsSpan();
        if (time <= plan.FilledUntil.In(memory)) return;
        CloseUntil(time, trigger, memory, output);
        if (plan.Base is not { } smallest) return;
        FillUntil(plan.Calendar.SettledBy(smallest.Frame, new Timestamp(time)), memory);
    }

    /// <summary>Throws if an invariant is violated. For tests.</summary>
    internal void Validate()
    {
        var memory = words.AsSpan();
        var nextClose = NothingToClose;
        var filledUntil = plan.FilledUntil.In(memory);
        foreach (var series in plan.BarSeries)
        {
            var smaller = OldestOpenBelow(series);
            if (series.Bars.Last(memory) is { IsThere: true } last)
            {
                var end = RequireBar(series, last).End;
                Require(end <= filledUntil, "what is before the end of a closed bar is filled");
                Require(last.OpenTime < smaller, "a closed bar comes before every open one that it is made of");
            }

            if (!series.Bars.IsOpen(memory)) continue;
            var bar = series.Bars.Open(memory);
            var bucket = RequireBar(series, bar);
            Require(bucket.End == series.Bars.End(memory), "an open bar ends with its bucket");
            Require(filledUntil < bucket.End, "what is filled leaves the open bars open");
            Require(series != plan.Base || filledUntil >= bar.OpenTime, "the smallest bar opens where all is filled");
            Require(bar.OpenTime <= smaller, "an open bar is not inside of a larger one that is not");
            nextClose = Math.Min(nextClose, bucket.End);
        }

        Require(plan.NextClose.In(memory) == nextClose, "the next close is the first end of an open bar");

        long OldestOpenBelow(Series series)
        {
            var oldest = long.MaxValue;
            for (var below = series.Source; below is not null; below = below.Source)
            {
                if (below.Bars.IsOpen(words)) oldest = Math.Min(oldest, below.Bars.Open(words).OpenTime);
            }

            return oldest;
        }

        Bucket RequireBar(Series series, in Bar bar)
        {
            Require(
                (bar.Low > 0 || plan.Settings.Limits.AnyPrices) && bar.Low <= Math.Min(bar.Open, bar.Close)
                    && bar.High >= Math.Max(bar.Open, bar.Close),
                "low <= open, close <= high");
            Require(bar.Volume >= 0 && bar.Ticks >= 0, "a volume is not negative");
            var bucket = plan.Calendar.BucketAt(series.Frame, bar.Opened);
            Require(bucket.Start == bar.OpenTime && bucket.Session == bar.Session, "a bar is stamped at the start of its bucket");
            return bucket;
        }

        static void Require(bool holds, string what)
        {
            if (!holds) throw new InvalidOperationException($"Invariant violated: {what}.");
        }
    }

    private bool AddToBar(Series smallest, long time, long price, long size, Span<long> memory)
    {
        if (smallest.Bars.IsOpen(memory))
        {
            smallest.Bars.Open(memory).Add(price, size);
            return true;
        }

        var bucket = plan.Calendar.BucketAt(smallest.Frame, new Timestamp(time));
        if (!bucket.IsOpen) return TakeOffSession(smallest, time, memory);
        FillUntil(bucket.Start, memory);
        BeginBar(smallest, bucket, Bar.Of(time, bucket.Session, price, size), memory);
        return true;
    }

    private bool AddPart(Series smallest, in Bar part, Span<long> memory)
    {
        if (smallest.Bars.IsOpen(memory))
        {
            smallest.Bars.Open(memory).Merge(part);
            return true;
        }

        var bucket = plan.Calendar.BucketAt(smallest.Frame, part.Opened);
        if (!bucket.IsOpen) return TakeOffSession(smallest, part.OpenTime, memory);
        FillUntil(bucket.Start, memory);
        BeginBar(smallest, bucket, part, memory);
        return true;
    }

    /// <summary>Counts a price without a bucket. Returns true, since the price is not late.</summary>
    private bool TakeOffSession(Series smallest, long time, Span<long> memory)
    {
        plan.OffSession.In(memory)++;
        FillUntil(plan.Calendar.SettledBy(smallest.Frame, new Timestamp(time)), memory);
        return true;
    }

    /// <summary>Whether a price older than the filled time has no bucket and so cannot be late; if so, counts it.</summary>
    private bool IsOffSession(Series smallest, long time, Span<long> memory)
    {
        if (plan.Calendar.BucketAt(smallest.Frame, new Timestamp(time)).IsOpen) return false;
        plan.OffSession.In(memory)++;
        return true;
    }

    /// <summary>Puts the trigger's price on the tick frame as a bar of its own, if the plan uses single prices.</summary>
    private void CountOnTicks(in Trigger trigger, Int128 size, Span<long> memory, IFoldOutput output)
    {
        if (plan.Ticks is not { } ticks) return;
        var time = trigger.Time.Nanoseconds;
        ref var bar = ref ticks.Bars.Last(memory);
        bar = Bar.Of(time, SessionOf(time, bar, memory), trigger.Price, size);
        ticks.Step(symbol, bar, memory, output);
        if (plan.ShowsTicks) output.OnBar(symbol, ticks, bar);
        ticks.EvaluateRules(symbol, time, trigger, memory, output);
    }

    /// <summary>Notes that nothing before that moment can change any more.</summary>
    private void FillUntil(long time, Span<long> memory)
    {
        ref var until = ref plan.FilledUntil.In(memory);
        if (time > until) until = time;
    }

    /// <summary>Merges a bar (a smaller or a whole one) into the bar of the series that covers it.</summary>
    private void AddBar(Series series, in Bar bar, Span<long> memory)
    {
        var bars = series.Bars;
        if (bars.IsOpen(memory))
        {
            bars.Open(memory).Merge(bar);
        }
        else
        {
            BeginBar(series, plan.Calendar.BucketAt(series.Frame, bar.Opened), bar, memory);
        }
    }

    private void BeginBar(Series series, in Bucket bucket, in Bar first, Span<long> memory)
    {
        series.Bars.Begin(memory, bucket, first);
        ref var nextClose = ref plan.NextClose.In(memory);
        nextClose = Math.Min(nextClose, bucket.End);
    }

    private void CloseUntil(long time, in Trigger trigger, Span<long> memory, IFoldOutput output)
    {
        for (var end = plan.NextClose.In(memory); end <= time && end != NothingToClose; end = plan.NextClose.In(memory))
        {
            CloseAt(end, trigger, memory, output);
        }
    }

    /// <summary>Closes the bars that end at that moment, then evaluates the rules of their frames.</summary>
    private void CloseAt(long end, in Trigger trigger, Span<long> memory, IFoldOutput output)
    {
        var frames = plan.BarSeries;
        var closed = 0;
        var nextClose = NothingToClose;
        for (var i = 0; i < frames.Length; i++)
        {
            var bars = frames[i].Bars;
            if (bars.End(memory) != end)
            {
                nextClose = Math.Min(nextClose, bars.End(memory));
                continue;
            }

            closed |= 1 << i;
            bars.Close(memory);
            ref var bar = ref bars.Last(memory);
            frames[i].Step(symbol, bar, memory, output);
            foreach (var larger in frames[i].Feeds) AddBar(larger, bar, memory);
            if (frames[i].Index >= 0) output.OnBar(symbol, frames[i], bar);
        }

        plan.NextClose.In(memory) = nextClose;
        for (var i = 0; closed != 0; i++, closed >>= 1)
        {
            if ((closed & 1) != 0) frames[i].EvaluateRules(symbol, end, trigger, memory, output);
        }
    }

    /// <summary>
    /// The session of a price on the tick frame: its own, but never one before the session of the last price. So a late price, or one
    /// outside of the sessions, does not start a session again.
    /// </summary>
    private long SessionOf(long time, in Bar last, Span<long> memory)
    {
        // While a bar of the smallest frame is open its session is known. Otherwise the calendar is queried.
        if (plan.Base is { } smallest && smallest.Bars.IsOpen(memory))
        {
            ref var open = ref smallest.Bars.Open(memory);
            if (open.OpenTime <= time) return open.Session; // the latest session: a price of a later one would have closed the bar
        }

        var session = plan.Calendar.SessionAt(new Timestamp(time)).Session;
        return !last.IsThere ? session : Math.Max(session, last.Session);
    }
}
