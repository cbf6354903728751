namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// How long symbols take to answer, smoothed as TCP does it with its round trips (RFC 6298), and so how long to wait before a
/// message is taken for lost. A shard that moves drops what reaches it meanwhile, so this bounds the pause of its symbols; where
/// answers are slow because there is much to do, nothing is sent twice for that. For one thread. All in milliseconds.
/// </summary>
internal sealed class AnswerTimes(TimeSpan most)
{
    /// <summary>Answers that come at once now may wait for a commit the next time.</summary>
    private const double Least = 300;

    private double mean;
    private double deviation;
    private bool isKnown;

    /// <summary>
    /// How long a message may be unanswered: what answers take and four times by how much that varies; the most that is
    /// allowed before the first answer.
    /// </summary>
    public double Patience => isKnown ? Math.Min(Math.Max(Least, mean + (4 * deviation)), most.TotalMilliseconds) : most.TotalMilliseconds;

    /// <summary>Takes in what a message took that was sent once: of one that was sent again nobody knows which was answered.</summary>
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
