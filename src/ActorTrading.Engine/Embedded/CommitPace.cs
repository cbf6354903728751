using System.Diagnostics;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// How soon a partition may hand over its next group. An event costs a row and pages of four indexes, however few records are
/// in it; so after a group of many events the next one gathers for a moment, and after one of few it goes at once. Nothing
/// that is folded depends on it.
/// </summary>
internal sealed class CommitPace(TimeSpan longest)
{
    private static readonly TimeSpan PerEvent = TimeSpan.FromMicroseconds(80);

    private long notBefore;

    /// <summary>How long it still has to wait; zero when it need not.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = notBefore - Stopwatch.GetTimestamp();
            return left <= 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, left);
        }
    }

    /// <summary>A group of so many events was handed over.</summary>
    public void Note(int events)
    {
        var pause = PerEvent * events < longest ? PerEvent * events : longest;
        notBefore = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
    }
}
