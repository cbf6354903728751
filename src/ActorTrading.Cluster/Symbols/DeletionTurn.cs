using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;
using Akka.Actor;

namespace ActorTrading.Cluster.Symbols;

/// <summary>State of a running deletion of a symbol, and its requester. Not thread-safe.</summary>
internal sealed class DeletionTurn(DeleteSymbol asked, IActorRef asker)
{
    private long? purged;

    /// <summary>Whether the deletion waits for operations in progress of the symbol.</summary>
    public bool IsWaiting { get; private set; } = true;

    /// <summary>The deletion event and its bytes. The same bytes are saved as the snapshot.</summary>
    public (SymbolDeleted Event, JournaledBytes Bytes) Begin(HostedSymbol symbol)
    {
        IsWaiting = false;
        var deleted = new SymbolDeleted(symbol.Symbol, asked.Time, asked.By, symbol.State.Sources.Newest());
        return (deleted, new JournaledBytes(EventManifests.SymbolDeleted, BytesOf(deleted)));
    }

    /// <summary>Repeats a deletion of a deleted symbol: deletes only the remaining events.</summary>
    public void BeginAgain() => IsWaiting = false;

    /// <summary>Highest sequence number of the events that are to be deleted from the journal now.</summary>
    public long Purge(HostedSymbol symbol)
    {
        purged = symbol.DeletedAt - 1;
        return purged.Value;
    }

    /// <summary>
    /// Whether an answer of the journal belongs to this deletion. Recovery resumes an earlier deletion, whose answer may come late.
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
