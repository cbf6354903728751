using ActorTrading.Engine;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// A symbol in the <see cref="MarketTable"/>. Its numbers of change grow over all rows, and say which of its members a
/// reader does not have yet. Belongs to the lock of its table.
/// </summary>
internal sealed class MarketRow(int index, MarketReading reading)
{
    private const int Samples = 6;

    private readonly long[] records = [.. Enumerable.Repeat(reading.Records, Samples)];

    /// <summary>Its place in the table, from 0.</summary>
    public int Index => index;

    /// <summary>What the engine shows of it.</summary>
    public MarketReading Reading { get; private set; } = reading;

    /// <summary>Records per second over the last rounds; null where none has come since it is collected.</summary>
    public double? Rate { get; private set; }

    /// <summary>Its last signal in the log; null where none is known.</summary>
    public LoggedSignal? Signal { get; private set; }

    /// <summary>The last change of anything.</summary>
    public long Changed { get; private set; }

    /// <summary>The last change of the price before the trading day.</summary>
    public long DayChanged { get; private set; }

    /// <summary>The last change of the closes.</summary>
    public long ClosesChanged { get; private set; }

    /// <summary>The last change of its signals.</summary>
    public long SignalsChanged { get; private set; }

    /// <summary>Signals of its trading day.</summary>
    public long SignalsToday => Counted.Day == Reading.Day ? Counted.Count : 0;

    private (int Day, long Count) Counted { get; set; } = (int.MinValue, 0);

    /// <summary>Takes its first reading as a change.</summary>
    public void Begin(long change) => Changed = DayChanged = ClosesChanged = SignalsChanged = change;

    /// <summary>Takes a newer reading.</summary>
    public void Take(MarketReading newer, long change)
    {
        var before = Reading;
        Reading = newer;
        Changed = change;
        var isRescaled = newer.Units != before.Units;
        if (isRescaled || newer.Day != before.Day || newer.PriceBefore != before.PriceBefore) DayChanged = SignalsChanged = change;
        if (isRescaled || newer.BarsClosed != before.BarsClosed || !newer.Closes.SequenceEqual(before.Closes)) ClosesChanged = change;
    }

    /// <summary>Takes a signal: the last one of the log, and one more of its day.</summary>
    public void Take(LoggedSignal signal, (int Day, long Count) counted, long change)
    {
        (Signal, Counted) = (signal, counted);
        Changed = SignalsChanged = change;
    }

    /// <summary>
    /// Notes how far it has come by a round, and sets its rate over the seconds since the oldest noted. False when it
    /// stands still.
    /// </summary>
    public bool Sample(long round, double seconds, long change)
    {
        var oldest = records[(round + 1) % Samples];
        records[round % Samples] = Reading.Records;
        var rate = seconds > 0 ? Math.Round(Math.Max(0, Reading.Records - oldest) / seconds, 1) : 0;
        if (rate != (Rate ?? 0))
        {
            Rate = rate;
            Changed = change;
        }

        return Array.Exists(records, count => count != Reading.Records);
    }

    /// <summary>How many rounds a rate is taken over.</summary>
    public static int Rounds => Samples - 1;
}
