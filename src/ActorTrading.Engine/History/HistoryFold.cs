using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.History;

/// <summary>
/// Folds a symbol's journal again from the cheapest starting point, and stores waypoints for later queries. For one reader.
/// </summary>
internal sealed class HistoryFold(IJournalStore store, HostedSymbol hosted, Waypoints waypoints, IFoldOutput output) : IDisposable
{
    private const int WorthKeeping = 2_048; // records

    private readonly EventReplay replay = new(output);
    private readonly SnapshotHistory snapshots = new(store, hosted);
    private long marked; // number of folded records at the last waypoint, or when the symbol was restored to another state

    /// <summary>Folds events up to <paramref name="last"/> while <paramref name="goesOn"/> returns true.</summary>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public void Run(long last, Func<bool> goesOn)
    {
        RecoveryException? failure = null;
        store.Read(hosted.Id, hosted.LastEvent + 1, last, (in JournalRow row) =>
        {
            try
            {
                replay.Fold(hosted, row);
            }
            catch (RecoveryException e)
            {
                failure = e;
                return false;
            }

            if (replay.Records - marked >= Waypoints.Spacing) Mark();
            return goesOn();
        });
        if (failure is not null) throw failure;
    }

    /// <inheritdoc/>
    public void Dispose() => replay.Dispose();

    /// <summary>Stores a waypoint of the current state, if it was expensive to reach.</summary>
    public void End()
    {
        if (replay.Records - marked >= WorthKeeping) Mark();
    }

    /// <summary>Restores the newest state that covers no event after that one; false if there is none.</summary>
    public bool TryBeginAtMost(long sequenceNumber) =>
        TryBegin(waypoints.FindAtMost(hosted.Symbol, sequenceNumber), sequenceNumber, static _ => true);

    /// <summary>
    /// Restores the newest state for which <paramref name="holds"/> returns true. It must return true for every state whose prices are all
    /// from before <paramref name="time"/>.
    /// </summary>
    public bool TryBeginBefore(Timestamp time, Func<SymbolState, bool> holds) =>
        TryBegin(waypoints.FindBefore(hosted.Symbol, time), long.MaxValue, holds);

    /// <summary>
    /// Resets the symbol to its beginning; if the first events were deleted, restores the oldest snapshot that covers them.
    /// </summary>
    /// <returns>The first existing event; if there is none, the number after the last event that ever existed.</returns>
    public long Begin()
    {
        marked = replay.Records;
        var first = EventPlaces.First(store, hosted.Id);
        if (first <= 1 || !snapshots.TryRestoreAtMost(first - 1)) snapshots.Forget();
        return first;
    }

    private bool TryBegin(Waypoint? waypoint, long sequenceNumber, Func<SymbolState, bool> holds)
    {
        marked = replay.Records;
        // Its events were deleted, and their results may no longer be valid.
        if (waypoint is not null && !IsThere(waypoint.Event)) waypoint = null;
        var above = waypoint is null ? 0 : waypoint.Event - 1; // if both are at the same event, the journal's snapshot wins
        while (snapshots.TryRestoreAtMost(sequenceNumber, above))
        {
            if (holds(hosted.State)) return true;
            sequenceNumber = hosted.LastEvent - 1;
        }

        waypoint?.Restore(hosted);
        return waypoint is not null;
    }

    private bool IsThere(long sequenceNumber)
    {
        var isThere = false;
        store.Read(hosted.Id, sequenceNumber, sequenceNumber, (in JournalRow _) => !(isThere = true));
        return isThere;
    }

    private void Mark()
    {
        waypoints.Add(hosted);
        marked = replay.Records;
    }
}
