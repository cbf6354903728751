using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// A connection to another node, whose first message names that node: the roles of its certificate are kept under that name.
/// </summary>
internal sealed class OutboundConnection : AssociationHandle, IHandleEventListener
{
    private readonly AssociationHandle inner;
    private readonly PeerRoles roles;
    private readonly PeerIdentity? shown;
    private IHandleEventListener reader = null!;
    private bool isKnown;

    /// <param name="inner">The connection.</param>
    /// <param name="roles">Where roles are kept.</param>
    /// <param name="shown">What the other node's certificate says.</param>
    public OutboundConnection(AssociationHandle inner, PeerRoles roles, PeerIdentity? shown)
        : base(inner.LocalAddress, inner.RemoteAddress)
    {
        (this.inner, this.roles, this.shown) = (inner, roles, shown);
        ReadHandlerSource.Task.ContinueWith(
            read =>
            {
                reader = read.Result;
                inner.ReadHandlerSource.TrySetResult(this);
            },
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Told by the transport, one event after the other.</summary>
    public void Notify(IHandleEvent ev)
    {
        if (!isKnown && ev is InboundPayload first)
        {
            isKnown = true;
            roles.TryLearn(first.Payload, shown); // what is no handshake Akka.Remote refuses
        }

        reader.Notify(ev);
    }

    /// <inheritdoc/>
    public override bool Write(ByteString payload) => inner.Write(payload);

    /// <inheritdoc/>
#pragma warning disable CS0672, CS0618 // the base class asks for this one; who calls it has logged why
    public override void Disassociate() => inner.Disassociate();
#pragma warning restore CS0672, CS0618
}
