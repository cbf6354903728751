using ActorTrading.Cluster.Messages;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Embedded.Recovering;
using ActorTrading.Engine.Past;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Symbols;

/// <summary>A symbol comes to life: its newest sound snapshot by the present plan, and the events behind it, none of which is live. For one thread.</summary>
internal sealed class SymbolRecovery
{
    private readonly SymbolHost host;
    private readonly HostedSymbol symbol;
    private readonly PartitionOutput output;
    private readonly SymbolFolding folding;
    private readonly EventReplay replay;
    private readonly EventsInForce inForce;

    /// <summary>Restores the snapshot; that which Akka would offer may be damaged, or of another plan.</summary>
    public SymbolRecovery(SymbolHost host, HostedSymbol symbol, PartitionOutput output, SymbolFolding folding, PlanHistory plans)
    {
        (this.host, this.symbol, this.output, this.folding) = (host, symbol, output, folding);
        output.IsReplay = true;
        replay = new EventReplay(output, before: host.BeforeFold);
        var snapshots = new PastSnapshots(host.Store, symbol);
        if (snapshots.TryRestoreAtMost(long.MaxValue)) symbol.LastSnapshot = symbol.LastEvent;
        host.Recovered.Add(snapshots.Unused);
        inForce = new EventsInForce(plans, host.Store, symbol);
    }

    /// <summary>The last event before the present plan came into force; 0 for none.</summary>
    public long LastEarlier => inForce.LastEarlier;

    /// <summary>Folds an event once more; what it fires is in the output.</summary>
    public void Replay(JournaledBytes happened, long sequenceNumber)
    {
        if (folding.Quarantine is not null) return;
        try
        {
            output.IsSilent = !inForce.Contains(sequenceNumber);
            replay.Fold(symbol, sequenceNumber, happened.Manifest, EventManifests.SerializerId, happened.Payload);
        }
        catch (Exception e)
        {
            folding.Stop(e, sequenceNumber, replay.At);
        }
    }

    /// <summary>From now on everything is live.</summary>
    public void End()
    {
        host.Recovered.Add(symbol, replay);
        output.IsReplay = output.IsSilent = false;
        folding.GoOn();
    }
}
