using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Verifying;

/// <summary>Compares snapshots with the states folded from the events before them. Not thread-safe.</summary>
internal sealed class SnapshotCheck(IJournalStore store, Faults faults)
{
    private readonly StateWriter writer = new();
    private readonly byte[] hash = new byte[PlanHash.Length];

    public long Same { get; private set; }

    public long OfOtherPlans { get; private set; }

    /// <summary>Collects all snapshots of a symbol; keeps only the data needed to compare them.</summary>
    public void Collect(VerifiedSymbol symbol)
    {
        symbol.Hosted.State.Plan.Settings.Hash.CopyTo(hash);
        var found = new Stack<(long, UInt128)>();
        for (var before = long.MaxValue; before > 0;)
        {
            var isThere = store.ReadSnapshot(symbol.Hosted.Id, before, (in JournalRow row) =>
            {
                before = row.SequenceNumber - 1;
                if (Read(symbol, row) is { } digest) found.Push((row.SequenceNumber, digest));
                return false;
            });
            if (!isThere) break;
        }

        foreach (var snapshot in found) symbol.Snapshots.Enqueue(snapshot);
    }

    /// <summary>
    /// Starts at the oldest snapshot that covers all deleted events, given the number of the first existing event. False if there is no
    /// such snapshot.
    /// </summary>
    public bool TryBeginAt(VerifiedSymbol symbol, long first)
    {
        while (symbol.Snapshots.TryDequeue(out var oldest))
        {
            if (oldest.SequenceNumber < first - 1) continue;
            var isRestored = new SnapshotHistory(store, symbol.Hosted).TryRestoreAtMost(oldest.SequenceNumber);
            if (!isRestored || symbol.Hosted.LastEvent < first - 1) continue;
            symbol.BeganAfter = symbol.Hosted.LastEvent;
            symbol.SignalsBefore = symbol.Hosted.State.Ohlcv.LastSignalNumber;
            return true;
        }

        return false;
    }

    /// <summary>Compares the folded symbol with the snapshot that covers exactly its events, if there is one.</summary>
    public void Compare(VerifiedSymbol symbol)
    {
        if (!symbol.Snapshots.TryPeek(out var next) || next.SequenceNumber != symbol.Hosted.LastEvent) return;
        symbol.Snapshots.Dequeue();
        writer.Clear();
        symbol.Hosted.State.Write(writer);
        if (SignalCheck.Digest(writer.Written) == next.Digest) Same++;
        else Fault(symbol, next.SequenceNumber, "it differs from the replay of the events up to it");
    }

    /// <summary>The end of the symbol's events: no snapshot may cover more.</summary>
    public void End(VerifiedSymbol symbol)
    {
        if (symbol.IsBroken || symbol.Snapshots.Count == 0) return;
        var head = store.HighestSequenceNumber(symbol.Hosted.Id); // read again, since a node may be running
        foreach (var (sequenceNumber, _) in symbol.Snapshots)
        {
            if (sequenceNumber > head) Fault(symbol, sequenceNumber, $"the last event is {head}");
        }
    }

    private UInt128? Read(VerifiedSymbol symbol, in JournalRow row)
    {
        if (row.SerializerId == EventManifests.SerializerId && row.Manifest == EventManifests.SymbolDeleted)
        {
            if (!DeletionCodec.TryDecode(row.Payload, out var deleted, out var damage))
                return Fault(symbol, row.SequenceNumber, damage.ToString());
            if (!deleted.Symbol.Equals(symbol.Hosted.Symbol)) return Fault(symbol, row.SequenceNumber, $"it belongs to {deleted.Symbol}");
            writer.Clear();
            SymbolState.After(deleted, row.SequenceNumber, symbol.Hosted.State.Plan).Write(writer);
            return SignalCheck.Digest(writer.Written);
        }

        if (row.SerializerId != EventManifests.SerializerId || row.Manifest != EventManifests.Snapshot)
            return Fault(symbol, row.SequenceNumber, $"not an engine snapshot, but '{row.Manifest}' of serializer {row.SerializerId}");
        if (!SnapshotCodec.TryDecode(row.Payload, out var snapshot, out var error))
            return Fault(symbol, row.SequenceNumber, error.ToString());
        if (!snapshot.Symbol.Equals(symbol.Hosted.Symbol)) return Fault(symbol, row.SequenceNumber, $"it belongs to {snapshot.Symbol}");
        if (snapshot.SequenceNr != row.SequenceNumber)
            return Fault(symbol, row.SequenceNumber, $"its header says that it covers event {snapshot.SequenceNr}");
        if (snapshot.PlanHash.SequenceEqual(hash)) return SignalCheck.Digest(snapshot.Body);
        OfOtherPlans++;
        return null;
    }

    private UInt128? Fault(VerifiedSymbol symbol, long sequenceNumber, string fault)
    {
        faults.Add(VerifiedPart.Snapshot, symbol.Hosted.Id, sequenceNumber, fault);
        return null;
    }
}
