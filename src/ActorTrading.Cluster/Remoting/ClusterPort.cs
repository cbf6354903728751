using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Engine.Auditing;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// What the cluster's port of an actor system knows of its peers: those whose connection has not said what it is for, what their
/// certificates say, and who takes subscribers. A setup of the actor system. Safe for any number of threads.
/// </summary>
internal sealed class ClusterPort : Setup
{
    private readonly NodeIdentity? identity;
    private readonly ConcurrentDictionary<string, PeerIdentity> called = [];
    private IActorRef? desk;

    /// <param name="identity">This node's certificate; null: nothing is encrypted.</param>
    public ClusterPort(NodeIdentity? identity)
    {
        this.identity = identity;
        if (identity is not null) Tls = identity.SetupFor(IsLetIn);
    }

    /// <summary>What Akka.Remote goes by where <c>akka.remote.dot-netty.tcp.enable-ssl</c> is on; null: nothing is encrypted.</summary>
    public DotNettySslSetup? Tls { get; }

    /// <summary>Whether peers show certificates.</summary>
    public bool IsEncrypted => identity is not null;

    /// <summary>Whether nodes join only with roles that their certificates name.</summary>
    public bool NamesRoles => identity is { NamesRoles: true };

    /// <summary>Where refusals at the port are noted; null: nowhere but in the log.</summary>
    public AccessAudit? Audit { get; init; }

    /// <summary>Connections that have not sent their first message.</summary>
    public PendingConnections Pending { get; } = new();

    /// <summary>The roles that the certificates of associated nodes allow.</summary>
    public PeerRoles Roles { get; } = new();

    /// <summary>The actor that takes the connections of subscribers; null while there is none.</summary>
    public IActorRef? Desk
    {
        get => Volatile.Read(ref desk);
        set => Volatile.Write(ref desk, value);
    }

    /// <summary>That of an actor system; without a setup, one that knows no certificates.</summary>
    public static ClusterPort Of(ActorSystem system) =>
        system.Settings.Setup.Get<ClusterPort>() is { HasValue: true, Value: var port } ? port : new ClusterPort(null);

    /// <summary>What the node at an address that this one has called has shown; null for nothing.</summary>
    public PeerIdentity? CalledAt(Address remote) => called.GetValueOrDefault(remote.ToString());

    /// <summary>A line of the audit log about what was refused at the port.</summary>
    public static AuditRecord Refusal(string peer, string reason, string target = "") =>
        new(AuditRecord.Unknown, peer, AuditPort.Cluster, AuditActions.Access) { Reason = reason, Target = target };

    /// <summary>
    /// Whether a connection goes on behind its handshake; why not is logged. What the certificate says is kept with the connection.
    /// </summary>
    /// <param name="certificate">What the peer shows; null for nothing.</param>
    /// <param name="chain">What else it shows. Was tested by the authorities of the system, which count for nothing.</param>
    /// <param name="peer">Its endpoint where it has connected; its address where this side has.</param>
    /// <param name="errors">Whether this side has connected, and the certificate has not the name or address at which the peer was
    /// found.</param>
    /// <param name="log">For the reason.</param>
    private bool IsLetIn(X509Certificate2? certificate, X509Chain? chain, string peer, SslPolicyErrors errors, ILoggingAdapter log)
    {
        var isCalled = peer.Contains("://", StringComparison.Ordinal); // 'ssl.tcp://trading@10.0.0.5:4053', and not '10.0.0.9:51234'
        var shown = identity!.Identify(certificate, chain, errors, isCalled, out var fault);
        if (shown is not null && isCalled) called[peer] = shown;
        if (shown is not null && !isCalled && !Pending.Identify(peer, shown)) fault = "its connection has been ended meanwhile";
        if (fault is null) return true;
        log.Warning("{0} is not let in: {1}", peer, fault);
        Audit?.Refuse(Refusal(peer, "certificate_refused", certificate?.Subject ?? ""));
        return false;
    }
}
