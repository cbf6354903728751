using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding.Parts;

/// <summary>
/// News about a symbol: the newest sentiment and the average of all. Items older than the newest count towards the average only.
/// </summary>
public sealed class News
{
    private Int128 scores;

    /// <summary>Time of the newest item.</summary>
    public Timestamp Time { get; private set; } = new(long.MinValue);

    /// <summary>Score of the newest item, -1 to 1, in units of 1e-8.</summary>
    public long Score { get; private set; }

    /// <summary>Magnitude of the newest item, 0 or more, in units of 1e-8.</summary>
    public long Magnitude { get; private set; }

    /// <summary>Number of items applied.</summary>
    public long Count { get; private set; }

    /// <summary>The mean of all scores, -1 to 1; NaN before the first.</summary>
    public double AverageScore => Count == 0 ? double.NaN : (double)scores / Count / Fixed8.One;

    internal void Apply(in Record news)
    {
        Count++;
        scores += news.A;
        if (news.Time < Time) return;
        Time = news.Time;
        Score = news.A;
        Magnitude = news.B;
    }

    internal void Write(StateWriter writer)
    {
        writer.Int64(Time.Nanoseconds);
        writer.Int64(Score);
        writer.Int64(Magnitude);
        writer.Int64(Count);
        writer.Int128(scores);
    }

    internal static News Read(ref StateReader reader) => new()
    {
        Time = new(reader.Int64()),
        Score = reader.Int64(),
        Magnitude = reader.Int64(),
        Count = reader.Int64(),
        scores = reader.Int128(),
    };
}
