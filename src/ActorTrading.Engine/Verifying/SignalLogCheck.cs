using System.Buffers;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Signals;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Verifying;

/// <summary>Compares snapshots of the signal log with the log up to the positions that they cover. Not thread-safe.</summary>
internal sealed class SignalLogCheck(IJournalStore store, Faults faults)
{
    private readonly Queue<(long Position, UInt128 Digest)> snapshots = new();
    private readonly SignalNumbers numbers = new();
    private readonly ArrayBufferWriter<byte> bytes = new();
    private bool isBroken;

    public long Same { get; private set; }

    /// <summary>Collects all snapshots of the log; keeps only the data needed to compare them.</summary>
    public void Collect()
    {
        var found = new Stack<(long, UInt128)>();
        for (var before = long.MaxValue; before > 0;)
        {
            var isThere = store.ReadSnapshot(PersistenceIds.Administrator, before, (in JournalRow row) =>
            {
                before = row.SequenceNumber - 1;
                if (SignalLogSnapshot.TryRead(row, out var snapshot, out var fault))
                    found.Push((row.SequenceNumber, Digest(row.SequenceNumber, snapshot.LastNumbers)));
                else Fault(row.SequenceNumber, fault);
                return false;
            });
            if (!isThere) break;
        }

        foreach (var snapshot in found) snapshots.Enqueue(snapshot);
    }

    /// <summary>Adds the next entry of the log. If a snapshot covers the log exactly up to it, both must be equal.</summary>
    public void Logged(long position, Symbol symbol, in PlanHash plan, long number)
    {
        numbers.TryNote(symbol, plan, number);
        if (!snapshots.TryPeek(out var next) || next.Position != position) return;
        snapshots.Dequeue();
        if (isBroken) return;
        if (Digest(position, numbers.All) == next.Digest) Same++;
        else Fault(position, "it differs from the replay of the log up to it");
    }

    /// <summary>An entry of the log is missing or damaged: later snapshots cannot be compared.</summary>
    public void Break() => isBroken = true;

    /// <summary>The end of the log: no snapshot may cover more.</summary>
    public void End()
    {
        if (isBroken || snapshots.Count == 0) return;
        var head = store.HighestSequenceNumber(PersistenceIds.Administrator); // read again, since a node may be running
        foreach (var (position, _) in snapshots)
        {
            if (position > head) Fault(position, $"the last signal is {head}");
        }
    }

    /// <summary>Digest of the numbers; it does not depend on their order.</summary>
    private UInt128 Digest(long position, IEnumerable<KeyValuePair<(Symbol Symbol, PlanHash Plan), long>> lastNumbers)
    {
        bytes.ResetWrittenCount();
        var ordered = lastNumbers.OrderBy(static entry => entry.Key.Symbol).ThenBy(static entry => entry.Key.Plan.High)
            .ThenBy(static entry => entry.Key.Plan.Low);
        SignalLogCodec.Encode(position, [.. ordered], bytes);
        return SignalCheck.Digest(bytes.WrittenSpan);
    }

    private void Fault(long position, string fault) => faults.Add(VerifiedPart.Snapshot, PersistenceIds.Administrator, position, fault);
}
