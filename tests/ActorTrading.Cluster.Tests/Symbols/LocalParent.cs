using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Values;
using Akka.Actor;

namespace ActorTrading.Cluster.Tests.Symbols;

/// <summary>
/// Takes the place of a shard, without a cluster: finds symbols by the same extractor, and restarts a stopped symbol with its next message.
/// </summary>
internal sealed class LocalParent : ReceiveActor
{
    public LocalParent(SymbolExtractor extractor, NodeContext host, IActorRef observer)
    {
        ReceiveAny(message =>
        {
            if (extractor.EntityId(message) is not { } id) return;
            var name = Uri.EscapeDataString(id);
            var child = Context.Child(name);
            if (child.IsNobody())
            {
                child = Context.ActorOf(SymbolActors.PropsFor(Symbol.Restore(id), host), name);
                observer.Tell(new Born(child));
            }

            child.Forward(message);
        });
    }

    /// <summary>A symbol was activated.</summary>
    public sealed record Born(IActorRef Symbol);
}
