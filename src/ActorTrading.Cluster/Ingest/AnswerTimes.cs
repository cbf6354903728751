namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// Resend timeout, from smoothed answer times of symbols like the round-trip times of TCP (RFC 6298). A shard drops messages during
/// its hand-off, so this timeout limits the pause of its symbols. Under high load the timeout grows with the answer times, so
/// messages are not resent needlessly. All times in milliseconds. Not thread-safe.
/// </summary>
internal sealed class AnswerTimes(TimeSpan most)
{
    /// <summary>Lower bound. Even if answers are fast now, the next one may wait for a commit.</summary>
    private const double Least = 300;

    private double mean;
    private double deviation;
    private bool isKnown;

    /// <summary>
    /// The resend timeout: mean answer time plus four times its deviation, within the bounds. The upper bound before the first
    /// answer.
    /// </summary>
    public double Timeout => isKnown ? Math.Min(Math.Max(Least, mean + (4 * deviation)), most.TotalMilliseconds) : most.TotalMilliseconds;

    /// <summary>Adds the answer time of a message that was sent once. After a resend it is unknown which copy was answered.</summary>
    public void Add(double time)
    {
        if (isKnown)
        {
            deviation += (Math.Abs(time - mean) - deviation) / 4;
            mean += (time - mean) / 8;
        }
        else
        {
            (mean, deviation, isKnown) = (time, time / 2, true);
        }
    }
}
