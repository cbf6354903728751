using System.Diagnostics.CodeAnalysis;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Signals;

/// <summary>Snapshot of the signal log up to a position: the number of the last signal of each symbol and plan.</summary>
internal sealed record SignalLogSnapshot(long Position, Dictionary<(Symbol Symbol, PlanHash Plan), long> LastNumbers)
{
    /// <summary>Reads the newest valid snapshot; null if there is none. Adds the invalid ones to <paramref name="unused"/>.</summary>
    public static SignalLogSnapshot? ReadNewest(IJournalStore store, List<UnusedSnapshot> unused)
    {
        SignalLogSnapshot? found = null;
        for (var before = long.MaxValue; found is null && before > 0;)
        {
            var isThere = store.ReadSnapshot(PersistenceIds.Administrator, before, (in JournalRow row) =>
            {
                before = row.SequenceNumber - 1;
                if (!TryRead(row, out found, out var fault)) unused.Add(new UnusedSnapshot(row.PersistenceId, row.SequenceNumber, fault));
                return false;
            });
            if (!isThere) break;
        }

        return found;
    }

    /// <summary>Reads a row of the snapshot table. Returns false, with the fault, if it is not a valid snapshot of the log.</summary>
    public static bool TryRead(in JournalRow row, [NotNullWhen(true)] out SignalLogSnapshot? snapshot, out string fault)
    {
        snapshot = null;
        fault = "";
        if (row.SerializerId != EventManifests.SerializerId || row.Manifest != EventManifests.SignalLog)
            fault = $"not an engine snapshot, but '{row.Manifest}' of serializer {row.SerializerId}";
        else if (!SignalLogCodec.TryDecode(row.Payload, out var position, out var lastNumbers, out var error))
            fault = error.ToString();
        else if (position != row.SequenceNumber)
            fault = $"its header names the log up to signal {position}";
        else
            snapshot = new SignalLogSnapshot(position, lastNumbers);
        return snapshot is not null;
    }
}
