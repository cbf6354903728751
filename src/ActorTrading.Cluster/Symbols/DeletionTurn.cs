using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;
using Akka.Actor;

namespace ActorTrading.Cluster.Symbols;

/// <summary>How far the deletion of a symbol has come, and who is told of it. For one thread.</summary>
internal sealed class DeletionTurn(DeleteSymbol asked, IActorRef asker)
{
    private long? purged;

    /// <summary>Whether the symbol still waits for what it had under way.</summary>
    public bool IsWaiting { get; private set; } = true;

    /// <summary>The event that deletes the symbol, and its bytes, which are its snapshot, too.</summary>
    public (SymbolDeleted Event, JournaledBytes Bytes) Begin(HostedSymbol symbol)
    {
        IsWaiting = false;
        var deleted = new SymbolDeleted(symbol.Symbol, asked.Time, asked.By, symbol.State.Sources.Newest());
        return (deleted, new JournaledBytes(EventManifests.SymbolDeleted, BytesOf(deleted)));
    }

    /// <summary>The symbol is gone already: only what is left of its events is deleted.</summary>
    public void BeginAgain() => IsWaiting = false;

    /// <summary>The number of the last event that it deletes from the journal now.</summary>
    public long Purge(HostedSymbol symbol)
    {
        purged = symbol.DeletedAt - 1;
        return purged.Value;
    }

    /// <summary>
    /// Whether an answer of the journal is about the events of this deletion. Recovery goes on with an earlier deletion, whose answer may
    /// come late.
    /// </summary>
    public bool Purges(long upTo) => upTo == purged;

    public void End(HostedSymbol symbol, bool isPurged) =>
        asker.Tell(new SymbolDeletion(symbol.Symbol, symbol.DeletedAt, symbol.Deletion is { } deleted ? BytesOf(deleted) : [], isPurged));

    private static byte[] BytesOf(SymbolDeleted deleted)
    {
        var bytes = new ArrayBufferWriter<byte>();
        DeletionCodec.Encode(deleted, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
