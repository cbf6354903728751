using ActorTrading.Cluster.Messages;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;
using Akka.Persistence;

namespace ActorTrading.Cluster.Symbols;

/// <summary>
/// Recovers a symbol from a snapshot, if it is valid and of the current plan, and the events after it. Publishes nothing live. Not
/// thread-safe.
/// </summary>
internal sealed class SymbolRecovery
{
    private readonly NodeContext host;
    private readonly HostedSymbol symbol;
    private readonly SymbolOutput output;
    private readonly SymbolQuarantine quarantine;
    private readonly EventReplay replay;
    private bool isRefused;

    public SymbolRecovery(NodeContext host, HostedSymbol symbol, SymbolOutput output, SymbolQuarantine quarantine)
    {
        (this.host, this.symbol, this.output, this.quarantine) = (host, symbol, output, quarantine);
        output.IsReplay = true;
        replay = new EventReplay(output, before: host.BeforeFold);
    }

    /// <summary>Whether events are deleted that only a snapshot older than the refused one covers.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Restores a snapshot. False: the snapshot is refused, and Akka.Persistence replays from the first event.</summary>
    public bool TryRestore(SnapshotOffer offer)
    {
        var reason = "another serializer wrote it";
        var sequenceNumber = offer.Metadata.SequenceNr;
        if (offer.Snapshot is JournaledBytes snapshot
            && SymbolSnapshot.TryRestore(symbol, sequenceNumber, snapshot.Manifest, snapshot.Payload, out reason))
        {
            symbol.NoteSnapshot();
            return true;
        }

        host.Recovered.Add(new UnusedSnapshot(symbol.Id, sequenceNumber, reason));
        isRefused = true;
        return false;
    }

    /// <summary>Folds a replayed event. The signals that it fires are in the output.</summary>
    public void Replay(JournaledBytes happened, long sequenceNumber)
    {
        IsCutOff |= isRefused && symbol.LastEvent == 0 && sequenceNumber > 1;
        if (IsCutOff || quarantine.IsOn) return;
        try
        {
            replay.Fold(symbol, new JournalRow
            {
                SequenceNumber = sequenceNumber, Manifest = happened.Manifest, SerializerId = EventManifests.SerializerId,
                Payload = happened.Payload,
            });
        }
        catch (Exception e)
        {
            quarantine.Begin(e, sequenceNumber, replay.At);
        }
    }

    /// <summary>Ends the recovery. Later events are live.</summary>
    /// <param name="last">Highest sequence number of the symbol.</param>
    public void End(long last)
    {
        IsCutOff |= isRefused && symbol.LastEvent == 0 && last > 0 && !quarantine.IsOn;
        if (IsCutOff) quarantine.LoseState((store, name, plan) => StateHistory.Newest(store, name, plan, host.BeforeFold));
        host.Recovered.Add(symbol, replay);
        replay.Dispose();
        output.IsReplay = false;
    }
}
