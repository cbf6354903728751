namespace ActorTrading.Engine.Nodes;

/// <summary>
/// Rate of a growing count, measured by its readers: over the last five seconds if it is read once a second, otherwise since the previous
/// read. Thread-safe.
/// </summary>
public sealed class RateMeter
{
    private const int Readings = 6;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5.5);

    private readonly TimeProvider time;
    private readonly Lock sync = new();
    private readonly Queue<(long At, double Count)> readings = new(Readings);
    private (long At, double Count) newest;
    private double rate;

    /// <summary>Starts to measure.</summary>
    public RateMeter(TimeProvider time, double count = 0)
    {
        this.time = time;
        newest = (time.GetTimestamp(), count);
        readings.Enqueue(newest);
    }

    /// <summary>The rate a second, given the current count. A second read within a second returns the same rate.</summary>
    public double Read(double count)
    {
        lock (sync)
        {
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(newest.At, now) < Apart) return rate;
            while (readings.Count > 1 && (readings.Count == Readings || time.GetElapsedTime(readings.Peek().At, now) > Kept))
                readings.Dequeue();
            var (since, before) = readings.Peek();
            rate = Math.Max(0, count - before) / time.GetElapsedTime(since, now).TotalSeconds;
            newest = (now, count);
            readings.Enqueue(newest);
            return rate;
        }
    }
}
