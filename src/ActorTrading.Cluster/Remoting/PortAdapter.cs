using Akka.Actor;
using Akka.Remote.Transport;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// Inserts a <see cref="GuardedTransport"/> between Akka.Remote's protocol and TCP. Configured in <c>hocon/port.hocon</c>, created by
/// Akka.Remote.
/// </summary>
internal sealed class PortAdapter : ITransportAdapterProvider
{
    /// <inheritdoc/>
    public Transport Create(Transport wrappedTransport, ExtendedActorSystem system) =>
        new GuardedTransport(wrappedTransport, system, ClusterPort.Of(system));
}
