using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// A connection to another node. The node's first message contains its name; the roles of its certificate are stored under that name.
/// </summary>
internal sealed class OutboundConnection : AssociationHandle, IHandleEventListener
{
    private readonly AssociationHandle inner;
    private readonly PeerRoles roles;
    private readonly PeerIdentity? shown;
    private IHandleEventListener reader = null!;
    private bool isKnown;

    /// <param name="inner">The wrapped connection.</param>
    /// <param name="roles">Stores the roles of nodes.</param>
    /// <param name="shown">Identity in the other node's certificate.</param>
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

    /// <summary>Called by the transport for each event, never concurrently.</summary>
    public void Notify(IHandleEvent ev)
    {
        if (!isKnown && ev is InboundPayload first)
        {
            isKnown = true;
            roles.TryLearn(first.Payload, shown); // Akka.Remote refuses other first messages
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
