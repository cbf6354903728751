using ActorTrading.Engine;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// A symbol in the <see cref="MarketTable"/>. Its change numbers increase over all rows; a reader compares them with the last change that
/// it has received. Guarded by the lock of its table.
/// </summary>
internal sealed class MarketRow(int index, MarketReading reading)
{
    private const int Samples = 6;

    private readonly long[] records = [.. Enumerable.Repeat(reading.Records, Samples)];

    /// <summary>Its index in the table, from 0.</summary>
    public int Index => index;

    /// <summary>The latest reading from the engine.</summary>
    public MarketReading Reading { get; private set; } = reading;

    /// <summary>Records per second over the last rounds; null before the first record of the current collection.</summary>
    public double? Rate { get; private set; }

    /// <summary>Its last signal in the log; null when none is known.</summary>
    public LoggedSignal? Signal { get; private set; }

    /// <summary>The change number of the last change of any member.</summary>
    public long Changed { get; private set; }

    /// <summary>The change number of the last change of the price before the trading day.</summary>
    public long DayChanged { get; private set; }

    /// <summary>The change number of the last change of the closes.</summary>
    public long ClosesChanged { get; private set; }

    /// <summary>The change number of the last change of its signals.</summary>
    public long SignalsChanged { get; private set; }

    /// <summary>Number of signals in its trading day.</summary>
    public long SignalsToday => Counted.Day == Reading.Day ? Counted.Count : 0;

    private (int Day, long Count) Counted { get; set; } = (int.MinValue, 0);

    /// <summary>Sets the change numbers for the first reading.</summary>
    public void Begin(long change) => Changed = DayChanged = ClosesChanged = SignalsChanged = change;

    /// <summary>Applies a newer reading.</summary>
    public void Take(MarketReading newer, long change)
    {
        var before = Reading;
        Reading = newer;
        Changed = change;
        var isRescaled = newer.Units != before.Units;
        if (isRescaled || newer.Day != before.Day || newer.PriceBefore != before.PriceBefore) DayChanged = SignalsChanged = change;
        if (isRescaled || newer.BarsClosed != before.BarsClosed || !newer.Closes.SequenceEqual(before.Closes)) ClosesChanged = change;
    }

    /// <summary>Applies a new signal: sets the last signal and the count of the day.</summary>
    public void Take(LoggedSignal signal, (int Day, long Count) counted, long change)
    {
        (Signal, Counted) = (signal, counted);
        Changed = SignalsChanged = change;
    }

    /// <summary>
    /// Samples the record count of a round, and computes the rate over the seconds since the oldest sample. False when the count has not
    /// changed since that sample.
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

    /// <summary>Number of rounds that a rate is computed over.</summary>
    public static int Rounds => Samples - 1;
}
