using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// An inbound connection at the cluster port. It is pending until its first message, and is closed if there is none within
/// <see cref="WaitTimeout"/>. The first message decides whether it becomes an association of Akka.Remote or the connection of a
/// subscriber session.
/// </summary>
internal sealed class InboundConnection : AssociationHandle, IHandleEventListener
{
    /// <summary>Time limit for the handshake and the first message.</summary>
    public static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(5);

    private const int Pending = 0;
    private const int Open = 1;
    private const int Ended = 2;

    private readonly AssociationHandle inner;
    private readonly GuardedTransport transport;
    private readonly Lock sync = new();
    private readonly Queue<IHandleEvent> early = new();
    private IHandleEventListener? reader;
    private PeerIdentity? identity;
    private ITimer? deadline;
    private int state;

    public InboundConnection(AssociationHandle inner, GuardedTransport transport)
        : base(inner.LocalAddress, inner.RemoteAddress)
    {
        (this.inner, this.transport) = (inner, transport);
        Host = inner.RemoteAddress.Host;
        Peer = $"{Host}:{inner.RemoteAddress.Port}";
        ReadHandlerSource.Task.ContinueWith(
            read => Attach(read.Result), CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The IP address of the peer.</summary>
    public string Host { get; }

    /// <summary>Endpoint of the peer, in the format of the certificate validation.</summary>
    public string Peer { get; }

    /// <summary>Identity in the peer's certificate; null before the handshake, and without encryption.</summary>
    public PeerIdentity? Identity
    {
        get => Volatile.Read(ref identity);
        set => Volatile.Write(ref identity, value);
    }

    /// <summary>Starts to read.</summary>
    public void Begin()
    {
        deadline = TimeProvider.System.CreateTimer(_ => Expire(), null, WaitTimeout, Timeout.InfiniteTimeSpan);
        inner.ReadHandlerSource.TrySetResult(this);
    }

    /// <summary>Called by the transport for each event, never concurrently.</summary>
    public void Notify(IHandleEvent ev)
    {
        if (Volatile.Read(ref reader) is { } ready)
        {
            ready.Notify(ev);
            return;
        }

        if (Volatile.Read(ref state) == Pending)
        {
            if (ev is not InboundPayload first) Leave(Ended);
            else if (Leave(Open)) transport.Settle(this, first);
            return;
        }

        lock (sync)
        {
            if (reader is not null) reader.Notify(ev);
            else if (state == Open) early.Enqueue(ev);
        }
    }

    /// <summary>Passes buffered and later events to a reader. The first message is included only if it was kept.</summary>
    public void Attach(IHandleEventListener to)
    {
        lock (sync)
        {
            while (early.TryDequeue(out var ev)) to.Notify(ev);
            Volatile.Write(ref reader, to);
        }
    }

    /// <summary>Keeps the first message for the reader.</summary>
    public void Keep(InboundPayload first)
    {
        lock (sync) early.Enqueue(first);
    }

    /// <inheritdoc/>
    public override bool Write(ByteString payload) => inner.Write(payload);

    /// <summary>Closes the connection, pending or not.</summary>
    public void End(string reason, ILoggingAdapter log)
    {
        if (!Leave(Ended)) Volatile.Write(ref state, Ended);
        inner.Disassociate(reason, log);
    }

    /// <inheritdoc/>
#pragma warning disable CS0672, CS0618 // the base class asks for this one; who calls it has logged why
    public override void Disassociate() => inner.Disassociate();
#pragma warning restore CS0672, CS0618

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => inner.GetHashCode();

    private void Expire()
    {
        if (Volatile.Read(ref state) == Pending) transport.Expire(this);
    }

    private bool Leave(int to)
    {
        if (Interlocked.CompareExchange(ref state, to, Pending) != Pending) return false;
        deadline?.Dispose();
        transport.Port.Pending.Remove(this);
        return true;
    }
}
