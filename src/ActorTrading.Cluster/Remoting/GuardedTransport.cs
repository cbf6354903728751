using ActorTrading.Cluster.Serialization;
using ActorTrading.Cluster.Subscribing;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// TCP transport of Akka.Remote that routes inbound connections by their certificate. A node's connection becomes an association of
/// Akka.Remote. A subscriber's never does: it is passed to the subscriber desk, or closed. Adds one indirect call to each inbound
/// frame of nodes.
/// </summary>
internal sealed class GuardedTransport : Transport
{
    private readonly Transport wrapped;
    private readonly ExtendedActorSystem system;
    private IAssociationEventListener upstream = null!;

    public GuardedTransport(Transport wrapped, ExtendedActorSystem system, ClusterPort port)
    {
        (this.wrapped, this.system, Port) = (wrapped, system, port);
        System = system;
        Config = wrapped.Config;
    }

    /// <summary>Known peers and their certificates.</summary>
    public ClusterPort Port { get; }

    /// <inheritdoc/>
    public override string SchemeIdentifier => wrapped.SchemeIdentifier;

    /// <inheritdoc/>
    public override long MaximumPayloadBytes => wrapped.MaximumPayloadBytes;

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => wrapped.IsResponsibleFor(remote);

    /// <inheritdoc/>
    public override Task<bool> Shutdown() => wrapped.Shutdown();

    /// <inheritdoc/>
    public override Task<bool> ManagementCommand(object message) => wrapped.ManagementCommand(message);

    /// <inheritdoc/>
    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var (address, arrivals) = await wrapped.Listen().ConfigureAwait(false);
        var listener = new TaskCompletionSource<IAssociationEventListener>();
        _ = listener.Task.ContinueWith(
            ready =>
            {
                upstream = ready.Result;
                arrivals.TrySetResult(new Arrivals(this));
            },
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return (address, listener);
    }

    /// <inheritdoc/>
    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        var handle = await wrapped.Associate(remoteAddress).ConfigureAwait(false);
        return Port.NamesRoles ? new OutboundConnection(handle, Port.Roles, Port.CalledAt(remoteAddress)) : handle;
    }

    /// <summary>Routes a connection by its first message and its certificate.</summary>
    internal void Settle(InboundConnection connection, InboundPayload first)
    {
        var frame = first.Payload;
        var shown = connection.Identity;
        if (SubscriberFrames.IsHello(frame.Span) && (shown is not null || !Port.IsEncrypted)) Welcome(connection, frame.Span);
        else if (FaultOf(frame, shown) is { } fault) Refuse(connection, fault);
        else
        {
            connection.Keep(first);
            upstream.Notify(new InboundAssociation(connection));
        }
    }

    /// <summary>Why a connection is not one of a node; null if it is.</summary>
    private string? FaultOf(ByteString first, PeerIdentity? shown)
    {
        if (Port.IsEncrypted && shown is null) return "it presented no certificate";
        if (shown is { IsNode: false }) return $"its certificate '{shown.Subject}' is a subscriber's, but it connects as a node";
        return Port.NamesRoles && !Port.Roles.TryLearn(first, shown) ? "its first message is not an Akka.Remote handshake" : null;
    }

    /// <summary>Closes a connection that sent no message in time.</summary>
    internal void Expire(InboundConnection connection) => connection.End("it sent nothing in time", system.Log);

    private void Take(AssociationHandle handle)
    {
        var connection = new InboundConnection(handle, this);
        var excess = Port.Pending.Add(connection);
        if (excess is not null)
        {
            RefusedMessages.Of(system).Report(
                $"Closed a silent connection of {excess.Peer}: there are too many silent connections.");
            excess.End("there are too many silent connections", system.Log);
        }

        if (excess != connection) connection.Begin();
    }

    private void Welcome(InboundConnection connection, ReadOnlySpan<byte> frame)
    {
        if (!SubscriberFrames.TryRead(frame, out var read) || read is not SubscriberHello hello)
            Refuse(connection, "its first message is not a known greeting of a subscriber");
        else if (Port.Desk is not { } desk) connection.End("this node accepts no subscribers yet", system.Log);
        else desk.Tell(new SubscriberArrived(connection, hello));
    }

    private void Refuse(InboundConnection connection, string reason)
    {
        RefusedMessages.Of(system).Refuse(
            $"Refused the connection of {connection.Peer}: {reason}.",
            ClusterPort.AuditRecordOf(connection.Peer, "connection_refused", connection.Identity?.Subject ?? ""));
        connection.End(reason, system.Log);
    }

    private sealed class Arrivals(GuardedTransport transport) : IAssociationEventListener
    {
        public void Notify(IAssociationEvent ev)
        {
            if (ev is not InboundAssociation arrived) transport.upstream.Notify(ev);
            else if (arrived.Association is { } handle) transport.Take(handle); // null: already closed
        }
    }
}
