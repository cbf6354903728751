using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.History;

/// <summary>
/// Past state of a symbol. Folded from the journal up to and including the last record, in the order of acceptance, with a timestamp at or
/// before the moment (for a clock advance, its new time counts). If timestamps are not in order, this includes records with a later
/// timestamp that were accepted before that record.
/// </summary>
internal static class StateHistory
{
    public static SymbolState? At(IJournalStore store, Symbol symbol, SymbolPlan plan, Timestamp at)
    {
        var id = PersistenceIds.Of(symbol);
        var first = store.HighestSequenceNumber(id) + 1; // if every event was deleted
        var (last, upTo) = FindLast(store, id, plan.Settings.Exclusions, at, ref first);
        if (last == 0) return first == 1 ? null : throw new EventsDeletedException(symbol, first);
        var hosted = Restored(store, symbol, plan, last - 1);
        // The snapshots that could help belong to another plan.
        if (hosted.LastEvent < first - 1 && !EventPlaces.IsFirstThere(store, id)) throw new EventsDeletedException(symbol, first);
        Fold(store, hosted, last, upTo);
        return hosted.HasRecords ? hosted.State : null;
    }

    /// <summary>The state of a symbol in the middle of an event.</summary>
    /// <param name="records">Number of records of that event to fold.</param>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public static HostedSymbol Within(IJournalStore store, Symbol symbol, SymbolPlan plan, long sequenceNumber, int records)
    {
        var hosted = Restored(store, symbol, plan, sequenceNumber - 1);
        Fold(store, hosted, sequenceNumber, records);
        return hosted;
    }

    /// <summary>The state of a symbol after its last event; null if no record of it was accepted.</summary>
    /// <param name="before">Called before each record that no snapshot covers.</param>
    /// <exception cref="RecoveryException">An event is missing or damaged.</exception>
    public static HostedSymbol? Newest(IJournalStore store, Symbol symbol, SymbolPlan plan, BeforeRecord? before = null)
    {
        var hosted = Restored(store, symbol, plan, long.MaxValue);
        Fold(store, hosted, long.MaxValue, int.MaxValue, before);
        return hosted.LastFolded > 0 ? hosted : null;
    }

    /// <summary>
    /// A symbol restored from its newest usable snapshot that covers no event after that one; at its beginning if there is none.
    /// </summary>
    private static HostedSymbol Restored(IJournalStore store, Symbol symbol, SymbolPlan plan, long atMost)
    {
        var hosted = new HostedSymbol(new SymbolState(symbol, plan));
        new SnapshotHistory(store, hosted).TryRestoreAtMost(atMost);
        return hosted;
    }

    /// <summary>Folds the events up to <paramref name="last"/>, and of that event the first <paramref name="upTo"/> records.</summary>
    private static void Fold(IJournalStore store, HostedSymbol hosted, long last, int upTo, BeforeRecord? before = null)
    {
        using var replay = new EventReplay(new TraceOutput(), before: before);
        RecoveryException? failure = null;
        store.Read(hosted.Id, hosted.LastEvent + 1, last, (in JournalRow row) =>
        {
            try
            {
                replay.Fold(hosted, row, row.SequenceNumber == last ? upTo : int.MaxValue);
            }
            catch (RecoveryException e)
            {
                failure = e;
            }

            return failure is null;
        });
        if (failure is not null) throw failure;
    }

    /// <summary>
    /// The last event with a record at or before the moment, and the number of its records up to that record; also the first existing
    /// event, if there is one.
    /// </summary>
    private static (long SequenceNumber, int Records) FindLast(
        IJournalStore store, string id, Exclusions? exclusions, Timestamp at, ref long first)
    {
        var oldest = 0L;
        using var decoder = new EventDecoder();
        var found = (SequenceNumber: 0L, Records: 0);
        RecoveryException? failure = null;
        store.Read(id, 1, long.MaxValue, (in JournalRow row) =>
        {
            if (oldest == 0) oldest = row.SequenceNumber;
            if (!decoder.TryDecode(row.Manifest, row.Payload, out var happened, out var error))
            {
                failure = new RecoveryException(id, row.SequenceNumber, error.ToString());
                return false;
            }

            if (happened.IsClockAdvanced)
            {
                if (happened.Clock <= at) found = (row.SequenceNumber, 0);
                return true;
            }

            for (var i = happened.Records.Length - 1; i >= 0; i--)
            {
                if (happened.Records[i].Time > at || exclusions?.Cover(row.SequenceNumber, happened.Records[i]) == true) continue;
                found = (row.SequenceNumber, i + 1);
                break;
            }

            return true;
        });
        if (oldest > 0) first = oldest;
        return failure is null ? found : throw failure;
    }
}
