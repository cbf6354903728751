using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Past;

/// <summary>
/// Folds a symbol's journal once more from where that is cheapest, and leaves waypoints for later queries. For one reader.
/// </summary>
internal sealed class PastFold(IJournalStore store, HostedSymbol hosted, Waypoints waypoints, IFoldOutput output) : IDisposable
{
    private const int WorthKeeping = 2_048; // records

    private readonly EventReplay replay = new(output);
    private readonly PastSnapshots snapshots = new(store, hosted);
    private long marked; // records folded when the last waypoint was left, or the symbol was brought to another place

    /// <summary>Folds the events up to that one while that is wanted.</summary>
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

    /// <summary>Leaves a waypoint where the symbol is now, if coming here cost something.</summary>
    public void End()
    {
        if (replay.Records - marked >= WorthKeeping) Mark();
    }

    /// <summary>Brings the symbol to the newest state that covers no event after that one; false if there is none.</summary>
    public bool TryBeginAtMost(long sequenceNumber) =>
        TryBegin(waypoints.FindAtMost(hosted.Symbol, sequenceNumber), sequenceNumber, static _ => true);

    /// <summary>
    /// Brings the symbol to the newest state for which something holds that holds for a state whose prices are all from before a
    /// moment.
    /// </summary>
    public bool TryBeginBefore(Timestamp time, Func<SymbolState, bool> holds) =>
        TryBegin(waypoints.FindBefore(hosted.Symbol, time), long.MaxValue, holds);

    /// <summary>
    /// Brings the symbol to where nothing had happened; where the first events were deleted, to the oldest snapshot that covers them.
    /// </summary>
    /// <returns>The first event that is there; one more than the last there ever was where none is.</returns>
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
        // Its events were deleted, and what came of them may not count any more.
        if (waypoint is not null && !IsThere(waypoint.Event)) waypoint = null;
        var above = waypoint is null ? 0 : waypoint.Event - 1; // of two at the same place the journal's
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
