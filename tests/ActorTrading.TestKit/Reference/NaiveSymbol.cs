using System.Globalization;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.TestKit.Reference;

/// <summary>
/// A slow and simple model of a symbol: it keeps all accepted records in lists and computes everything from them. A record is late if the
/// bucket of the smallest frame had ended by the latest time of any price, bar or clock.
/// </summary>
internal sealed class NaiveSymbol
{
    private readonly Symbol symbol;
    private readonly PlanSettings settings;
    private readonly TradingCalendar calendar;
    private readonly List<string> log;
    private readonly List<NaiveSeries> frames;
    private readonly NaiveSeries? ticks;
    private readonly List<NaiveRule> rules;
    private readonly List<Record> accepted = [];
    private readonly List<bool> inTime = [];
    private readonly List<Signal> signals = [];
    private long moment = long.MinValue;
    private long offSession;

    public NaiveSymbol(Symbol symbol, PlanSettings settings, List<string> log)
    {
        this.symbol = symbol;
        this.settings = settings;
        this.log = log;
        calendar = settings.Calendar;
        frames = SeriesOfBars();
        ticks = new NaiveSeries(Frame.Tick, settings);
        rules = [.. settings.Rules.Select(rule => new NaiveRule(rule, settings, SeriesOf))];
    }

    /// <summary>Whether a copy, or a later record of the same source, has been accepted.</summary>
    public bool IsDuplicate(Record record) => record.Id.Seq != Identity.None && accepted.Any(other =>
        other.Id.Source.Name == record.Id.Source.Name && other.Id.Seq != Identity.None
        && (other.Id.Epoch > record.Id.Epoch || (other.Id.Epoch == record.Id.Epoch && other.Id.Seq >= record.Id.Seq)));

    public bool IsSpike(Record record)
    {
        if (settings.Limits.SpikeBand == 0 || PriceOf(record) is not { } price || LastPrice() is not { } last) return false;
        var apart = Int128.Abs((Int128)record.Time.Nanoseconds - last.Time.Nanoseconds);
        return apart <= settings.Limits.SpikeWithin
            && last.Price != 0 && Math.Abs((double)price - last.Price) > settings.Limits.SpikeBand * Math.Abs((double)last.Price);
    }

    /// <summary>Takes an accepted record; false if it was late.</summary>
    public bool Accept(Record record)
    {
        var isInTime = Take(record);
        accepted.Add(record);
        inTime.Add(isInTime);
        if (!isInTime) log.Add(Seen.Late(record));
        return isInTime;
    }

    public void Clock(Timestamp to) => MoveTo(to.Nanoseconds, new Trigger(Identity.Anonymous, to, 0));

    /// <summary>The lines of <see cref="Seen.State"/>.</summary>
    public IEnumerable<string> Lines()
    {
        var last = LastPrice();
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"last {last?.Price ?? 0} at {last?.Time.Nanoseconds ?? long.MinValue}, {offSession} off-session, {signals.Count} signals");
        if (ShowsTicks && ticks!.Closed.Count > 0) yield return $"closed {Seen.Bar(Frame.Tick, ticks.Closed[^1])}";
        for (var i = 0; i < frames.Count; i++)
        {
            if (!settings.Frames.Contains(frames[i].Frame)) continue;
            if (frames[i].Closed.Count > 0) yield return $"closed {Seen.Bar(frames[i].Frame, frames[i].Closed[^1])}";
            var arrived = frames[i].Pieces.Where(piece => HasArrived(piece, i)).ToList();
            if (arrived.Count > 0) yield return $"open {Seen.Bar(frames[i].Frame, frames[i].BarOf(arrived))}";
        }

        foreach (var (frame, spec) in Seen.Values(settings))
            yield return $"{spec}@{frame.Name()} = {Seen.Bits(SeriesOf(frame).Value(spec))}";
        foreach (var line in NaiveParts.Lines(accepted)) yield return line;
        var records = accepted.Zip(inTime).ToList();
        foreach (var source in accepted.Select(record => record.Id.Source).Distinct())
        {
            var own = records.Where(pair => pair.First.Id.Source.Equals(source)).ToList();
            var newest = own.LastOrDefault(pair => pair.First.Id.Seq != Identity.None).First.Id is { Source: not null } id
                ? id
                : new Identity(source, 0, -1);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"source {source} {newest.Epoch}/{newest.Seq}: {own.Count(pair => pair.Second)} applied, "
                + $"{own.Count(pair => !pair.Second)} late");
        }
    }

    // The tick frame exists if anything uses it.
    private bool ShowsTicks => Seen.Values(settings).Any(value => value.Frame == Frame.Tick) || settings.Frames.Contains(Frame.Tick)
        || rules.Any(rule => rule.Frame == Frame.Tick);

    private NaiveSeries SeriesOf(Frame frame) => frame == Frame.Tick ? ticks! : frames.Single(series => series.Frame == frame);

    private long? PriceOf(Record record) => (record.Kind, settings.PriceSource) switch
    {
        (RecordKind.Bar, _) => record.D,
        (RecordKind.Tick or RecordKind.Print, PriceSource.Trade) => record.A,
        (RecordKind.Quote, PriceSource.Bid) when record.A != 0 || (settings.Limits.AnyPrices && record.B != 0) => record.A,
        (RecordKind.Quote, PriceSource.Ask) when record.C != 0 => record.C,
        (RecordKind.Quote, PriceSource.Mid) when record.A != 0 && record.C != 0 => (record.A + record.C) / 2,
        _ => null,
    };

    /// <summary>The accepted price with the latest timestamp; of equal ones the last.</summary>
    private (Timestamp Time, long Price)? LastPrice() =>
        accepted.Where(record => PriceOf(record) is not null).OrderBy(record => record.Time) // a stable sort
            .Select(record => ((Timestamp Time, long Price)?)(record.Time, PriceOf(record)!.Value)).LastOrDefault();

    private bool Take(Record record)
    {
        if (PriceOf(record) is not { } price) return !NaiveParts.IsOlder(accepted, record);
        var trigger = new Trigger(record.Id, record.Time, price);
        return record.Kind == RecordKind.Bar && record.Frame != Frame.Tick ? TakeBar(record, trigger) : TakePrice(record, price, trigger);
    }

    private bool TakePrice(Record record, long price, Trigger trigger)
    {
        var time = record.Time.Nanoseconds;
        var size = record.Kind switch { RecordKind.Quote => 0, RecordKind.Bar => record.E, _ => record.B };
        var (open, high, low) = record.Kind == RecordKind.Bar ? (record.A, record.B, record.C) : (price, price, price);
        var isInTime = true;
        if (frames.Count > 0)
        {
            var bucket = calendar.Counts(record.Time, record.Text) ? calendar.BucketAt(frames[0].Frame, record.Time) : Bucket.None;
            isInTime = !bucket.IsOpen || bucket.End > moment;
            if (!bucket.IsOpen) offSession++;
            MoveTo(time, trigger);
            if (bucket.IsOpen && isInTime)
            {
                foreach (var series in frames) series.Pieces.Add(new(time, open, high, low, price, size, 1, Frame.Tick));
            }
        }

        if (!ShowsTicks) return isInTime;
        var session = (long)calendar.SessionAt(record.Time).Session;
        if (ticks!.Closed.Count > 0) session = Math.Max(session, ticks.Closed[^1].Session);
        ticks.Closed.Add(Bar.Of(time, session, price, size));
        Report(ticks);
        Evaluate(ticks, time, trigger);
        return isInTime;
    }

    private bool TakeBar(Record record, Trigger trigger)
    {
        var bucket = calendar.BucketOfBar(record.Frame, record.Time);
        if (!bucket.IsOpen)
        {
            offSession++;
            MoveTo(record.Time.Nanoseconds, trigger);
            return true;
        }

        var first = calendar.BucketAt(frames[0].Frame, new(bucket.Start));
        if (first.End <= moment) return false;
        MoveTo(bucket.Start, trigger);

        // It fills its whole bucket (unless it is smaller than any frame): then no piece of it may exist.
        var taker = TakerOf(record.Frame);
        var isPart = taker == frames[0] && taker.Frame != record.Frame;
        if (!isPart && frames[0].Pieces.Count > 0) return false;

        foreach (var series in frames.Where(series => series.IsMadeOf(taker)))
            series.Pieces.Add(new(bucket.Start, record.A, record.B, record.C, record.D, record.Volume, 0, record.Frame));
        MoveTo(bucket.End, trigger);
        return true;
    }

    /// <summary>Closes the bars that have ended by then: ordered by their end, then smallest frame first, then the rules.</summary>
    private void MoveTo(long time, Trigger trigger)
    {
        if (time <= moment) return;
        moment = time;
        while (true)
        {
            var ended = frames.Where(series => series.Pieces.Count > 0 && series.Bucket.End <= time).ToList();
            if (ended.Count == 0) return;
            var end = ended.Min(series => series.Bucket.End);
            var closing = ended.Where(series => series.Bucket.End == end).ToList();
            foreach (var series in closing)
            {
                series.Close();
                Report(series);
            }

            foreach (var series in closing) Evaluate(series, end, trigger);
        }
    }

    private void Report(NaiveSeries series)
    {
        var specs = Seen.Values(settings).Where(value => value.Frame == series.Frame).Select(value => value.Spec).ToList();
        foreach (var spec in specs.DistinctBy(spec => spec.Call))
        {
            if (series.FailsNow(spec)) log.Add(Seen.Fault(symbol, series.Frame, spec.Call, series.Closed[^1].Opened));
        }

        if (settings.Frames.Contains(series.Frame))
            log.Add(Seen.Closed(symbol, series.Frame, series.Closed[^1], specs.Select(series.Value)));
    }

    private void Evaluate(NaiveSeries series, long time, Trigger trigger)
    {
        foreach (var rule in rules.Where(rule => rule.Frame == series.Frame))
        {
            if (rule.Evaluate(symbol, time, signals.Count + 1, trigger) is not { } signal) continue;
            signals.Add(signal);
            log.Add(Seen.Signal(signal));
        }
    }

    /// <summary>
    /// Whether the open bar of a frame contains the piece already: a piece that a smaller frame still builds is not in it.
    /// </summary>
    private bool HasArrived(Piece piece, int index) =>
        frames[index].Source is not { } source
        || (piece.Made != Frame.Tick && TakerOf(piece.Made) == frames[index])
        || calendar.BucketAt(source.Frame, new(piece.Time)).End <= moment;

    /// <summary>The series of an external bar: the smallest whose frame is a multiple of it.</summary>
    private NaiveSeries TakerOf(Frame made) => frames.First(series => made.Divides(series.Frame));

    /// <summary>
    /// The frames of the plan, each built from the largest smaller one that fits into it; first a frame that fits into all.
    /// </summary>
    private List<NaiveSeries> SeriesOfBars()
    {
        var bars = settings.Frames.Where(frame => frame != Frame.Tick).ToList();
        List<NaiveSeries> made = [];
        if (bars.Count == 0) return made;
        var unit = bars.Max();
        while (!bars.All(frame => unit.Divides(frame))) unit = unit > Frame.OneDay ? Frame.OneDay : unit - 1;
        foreach (var frame in bars.Prepend(unit).Distinct())
            made.Add(new NaiveSeries(frame, settings, made.LastOrDefault(smaller => smaller.Frame.Divides(frame))));
        return made;
    }
}
