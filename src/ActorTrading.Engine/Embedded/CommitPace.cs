using System.Diagnostics;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// Delay between the commit groups of a partition. An event costs a row and pages of four indexes, however few records it contains. So
/// after a group with many events the next group collects records for a moment; after a group with few events it is handed over at once.
/// The delay does not affect the results of the fold.
/// </summary>
internal sealed class CommitPace(TimeSpan longest)
{
    private static readonly TimeSpan PerEvent = TimeSpan.FromMicroseconds(80);

    private long notBefore;

    /// <summary>The remaining wait; zero if there is none.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = notBefore - Stopwatch.GetTimestamp();
            return left <= 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, left);
        }
    }

    /// <summary>Notes that a group with that many events was handed over.</summary>
    public void Note(int events)
    {
        var pause = PerEvent * events < longest ? PerEvent * events : longest;
        notBefore = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
    }
}
