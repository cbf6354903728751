using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.History;

/// <summary>
/// The position up to which a reader has read the journal. If several processes write to the journal, a position may become visible after a
/// later one: <paramref name="settling"/> is how long a recent row after a gap is held back.
/// </summary>
internal sealed class SettledPosition(long after, TimeSpan settling)
{
    private long settledBefore;

    /// <summary>The position of the last row that was read.</summary>
    public long Last { get; private set; } = Math.Max(0, after);

    /// <summary>Begins a page.</summary>
    public void Begin() => settledBefore = settling > TimeSpan.Zero ? (DateTime.UtcNow - settling).Ticks : long.MaxValue;

    /// <summary>Moves on to the next row; false: the row is held back, and the page ends before it.</summary>
    public bool TryMoveTo(in JournalRow row)
    {
        if (row.Ordering != Last + 1 && row.CreatedTicks > settledBefore) return false;
        Last = row.Ordering;
        return true;
    }
}
