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
/// State of an actor system's cluster port: pending connections, peer certificates and their roles, and the actor that accepts
/// subscribers. A setup of the actor system. Thread-safe.
/// </summary>
internal sealed class ClusterPort : Setup
{
    private readonly NodeIdentity? identity;
    private readonly ConcurrentDictionary<string, PeerIdentity> called = [];
    private IActorRef? desk;

    /// <param name="identity">Certificate of this node; null: nothing is encrypted.</param>
    public ClusterPort(NodeIdentity? identity)
    {
        this.identity = identity;
        if (identity is not null) Tls = identity.SetupFor(IsLetIn);
    }

    /// <summary>
    /// TLS setup of Akka.Remote, used if <c>akka.remote.dot-netty.tcp.enable-ssl</c> is on; null: nothing is encrypted.
    /// </summary>
    public DotNettySslSetup? Tls { get; }

    /// <summary>Whether peers present certificates.</summary>
    public bool IsEncrypted => identity is not null;

    /// <summary>Whether nodes may join only with the roles that their certificates name.</summary>
    public bool NamesRoles => identity is { NamesRoles: true };

    /// <summary>Audit log of refused peers; null: they are only logged.</summary>
    public AccessAudit? Audit { get; init; }

    /// <summary>Connections that have not sent their first message.</summary>
    public PendingConnections Pending { get; } = new();

    /// <summary>The roles that the certificates of associated nodes allow.</summary>
    public PeerRoles Roles { get; } = new();

    /// <summary>The actor that accepts subscribers; null: none yet.</summary>
    public IActorRef? Desk
    {
        get => Volatile.Read(ref desk);
        set => Volatile.Write(ref desk, value);
    }

    /// <summary>The cluster port of an actor system. Without a setup: one without certificates.</summary>
    public static ClusterPort Of(ActorSystem system) =>
        system.Settings.Setup.Get<ClusterPort>() is { HasValue: true, Value: var port } ? port : new ClusterPort(null);

    /// <summary>Identity of a node to which this node has connected; null: no certificate.</summary>
    public PeerIdentity? CalledAt(Address remote) => called.GetValueOrDefault(remote.ToString());

    /// <summary>Audit record of a refused peer or message.</summary>
    public static AuditRecord AuditRecordOf(string peer, string reason, string target = "") =>
        new(AuditRecord.Unknown, peer, AuditPort.Cluster, AuditActions.Access) { Reason = reason, Target = target };

    /// <summary>
    /// Whether a connection is accepted after its TLS handshake. The reason of a refusal is logged. The identity in the certificate
    /// is stored with the connection.
    /// </summary>
    /// <param name="certificate">Certificate of the peer; null: none.</param>
    /// <param name="chain">Further certificates of the peer. The result of their validation against the system's authorities is
    /// ignored.</param>
    /// <param name="peer">Endpoint of the peer if it has connected; its address if this side has connected.</param>
    /// <param name="errors">Name mismatch of the certificate with the address of the peer; only if this side has connected.</param>
    /// <param name="log">Log for the reason.</param>
    private bool IsLetIn(X509Certificate2? certificate, X509Chain? chain, string peer, SslPolicyErrors errors, ILoggingAdapter log)
    {
        var isCalled = peer.Contains("://", StringComparison.Ordinal); // 'ssl.tcp://trading@10.0.0.5:4053', not '10.0.0.9:51234'
        var shown = identity!.Identify(certificate, chain, errors, isCalled, out var fault);
        if (shown is not null && isCalled) called[peer] = shown;
        if (shown is not null && !isCalled && !Pending.Identify(peer, shown)) fault = "its connection was closed meanwhile";
        if (fault is null) return true;
        log.Warning("{0} is not admitted: {1}", peer, fault);
        Audit?.Refuse(AuditRecordOf(peer, "certificate_refused", certificate?.Subject ?? ""));
        return false;
    }
}
