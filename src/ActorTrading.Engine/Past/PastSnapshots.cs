using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Journal;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Engine.Past;

/// <summary>Finds the snapshots of a symbol that are of its present plan. For one thread.</summary>
internal sealed class PastSnapshots
{
    private readonly IJournalStore store;
    private readonly HostedSymbol hosted;
    private readonly byte[] hash = new byte[PlanHash.Length];

    public PastSnapshots(IJournalStore store, HostedSymbol hosted)
    {
        this.store = store;
        this.hosted = hosted;
        hosted.State.Plan.Settings.Hash.CopyTo(hash);
    }

    /// <summary>Those that were passed over.</summary>
    public List<UnusedSnapshot> Unused { get; } = [];

    /// <summary>Brings the symbol to its newest usable snapshot that covers no event after that one; false if there is none.</summary>
    public bool TryRestoreAtMost(long sequenceNumber)
    {
        for (var before = sequenceNumber; before > 0;)
        {
            SymbolState? state = null;
            var found = 0L;
            var isThere = store.ReadSnapshot(hosted.Id, before, (in JournalRow row) =>
            {
                found = row.SequenceNumber;
                state = Read(row);
                return false;
            });
            if (!isThere) return false;
            if (state is not null)
            {
                hosted.State = state;
                hosted.LastEvent = hosted.LastFolded = found;
                return true;
            }

            Unused.Add(new UnusedSnapshot(hosted.Id, found, "it is damaged, of another plan, or of a later version"));
            before = found - 1;
        }

        return false;
    }

    /// <summary>Brings the symbol back to where nothing had happened.</summary>
    public void Forget()
    {
        hosted.State = new SymbolState(hosted.Symbol, hosted.State.Plan);
        hosted.LastEvent = hosted.LastFolded = 0;
    }

    private SymbolState? Read(in JournalRow row)
    {
        if (row.SerializerId != EventManifests.SerializerId || row.Manifest != EventManifests.Snapshot) return null;
        if (!SnapshotCodec.TryDecode(row.Payload, out var snapshot, out _)) return null;
        if (!snapshot.PlanHash.SequenceEqual(hash) || !snapshot.Symbol.Equals(hosted.Symbol)) return null;
        try
        {
            var state = SymbolState.Read(snapshot.Body, hosted.State.Plan);
            return state.Symbol.Equals(hosted.Symbol) ? state : null;
        }
        catch (StateFormatException)
        {
            return null;
        }
    }
}
