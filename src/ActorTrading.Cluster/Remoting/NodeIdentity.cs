using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Engine.Ingest.Tls;
using Akka.Actor;
using Akka.Remote.Transport.DotNetty;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// Certificate of this side, and validation of peer certificates: whether a peer is a node, with which roles, or a subscriber. Files
/// are read once, so a renewed certificate is used after a restart. Thread-safe.
/// </summary>
internal sealed class NodeIdentity
{
    private const int HandshakeFailed = 79; // exit code of Akka.NET's internal TlsHandshakeFailureReason

    private static readonly Oid[] Uses = [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")]; // serverAuth, clientAuth

    private readonly X509Certificate2Collection authorities;
    private readonly string? name;
    private readonly string? subscriberName;

    private NodeIdentity(CertificateFile file, NodeTls tls)
    {
        (name, subscriberName, NamesRoles) = (tls.Name, tls.SubscriberName, tls.Roles);
        Certificate = file.Current;
        authorities = file.ClientOptions("").CertificateChainPolicy!.CustomTrustStore;
    }

    /// <summary>Certificate of this node.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Whether nodes may join only with the roles that their certificates name.</summary>
    public bool NamesRoles { get; }

    /// <summary>Reads the certificate files.</summary>
    /// <param name="tls">The files and names.</param>
    /// <param name="roles">Roles of this node. Its certificate must name them if <see cref="NodeTls.Roles"/> is set. Null for a
    /// subscriber.</param>
    /// <exception cref="CertificateException">A file cannot be read, or the certificate does not name a role.</exception>
    public static NodeIdentity Open(NodeTls tls, IReadOnlyList<string>? roles = null)
    {
        using var file = CertificateFile.Open(new TlsOptions
        {
            Certificate = tls.Certificate, Key = tls.Key, PasswordFile = tls.PasswordFile, PasswordVariable = tls.PasswordVariable,
            ClientAuthority = tls.Authority, RequireClientCertificate = true,
        });
        var identity = new NodeIdentity(file, tls);
        if (!tls.Roles || roles is null) return identity;
        var missing = roles.Except(identity.RolesOf(identity.Certificate)!).Select(identity.NameOf).ToList();
        return missing.Count == 0 ? identity : throw new CertificateException(
            $"{tls.Certificate}: a role of this node needs the name {string.Join(", ", missing.Select(one => $"'{one}'"))}, "
            + "which it lacks.");
    }

    /// <summary>
    /// Whether an actor system shuts down because its TLS handshake with another node failed. Akka.NET does so since 1.5.51.
    /// </summary>
    public static bool IsRefused(ActorSystem system) => CoordinatedShutdown.Get(system).ShutdownReason is { ExitCode: HandshakeFailed };

    /// <summary>The exception for a failed handshake: one of the nodes refused the other.</summary>
    public static AuthenticationException Refused(Exception cause) =>
        new("The handshake with another node has failed: one node did not accept the other's certificate. The log has the cause.", cause);

    /// <summary>TLS setup of Akka.Remote.</summary>
    /// <param name="isLetIn">Decides after the handshake whether a connection is accepted.</param>
    public DotNettySslSetup SetupFor(CertificateValidationCallback isLetIn) =>
        new(Certificate, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: false, isLetIn);

    /// <summary>Identity in a peer's certificate; null if the certificate is not valid for this cluster.</summary>
    /// <param name="certificate">Certificate of the peer; null: none.</param>
    /// <param name="chain">Further certificates of the peer. The result of their validation against the system's authorities is
    /// ignored.</param>
    /// <param name="errors">Name mismatch of the certificate with the address of the peer; only if this side has connected.</param>
    /// <param name="isCalled">Whether this side has connected: then the peer must be a node.</param>
    /// <param name="fault">Why the certificate is not valid.</param>
    public PeerIdentity? Identify(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, bool isCalled, out string? fault)
    {
        fault = FaultOf(certificate, chain);
        if (fault is not null) return null;
        var subject = certificate!.Subject;
        if (name is null)
        {
            if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return new PeerIdentity(true, null, subject);
            fault = $"the certificate '{subject}' does not match the address of the node";
            return null;
        }

        if (Has(certificate, name)) return new PeerIdentity(true, RolesOf(certificate), subject);
        if (!isCalled && subscriberName is not null && Has(certificate, subscriberName)) return new PeerIdentity(false, [], subject);
        var other = isCalled || subscriberName is null ? "" : $" of nodes or '{subscriberName}' of subscribers";
        fault = $"the certificate '{subject}' lacks the name '{name}'{other}";
        return null;
    }

    private static bool Has(X509Certificate2 certificate, string name) =>
        certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false);

    private string NameOf(string role) => $"{role}.{name}";

    private List<string>? RolesOf(X509Certificate2 certificate) =>
        NamesRoles ? [.. NodeRole.All.Where(role => Has(certificate, NameOf(role)))] : null;

    private string? FaultOf(X509Certificate2? certificate, X509Chain? chain)
    {
        if (certificate is null) return "it presented no certificate";
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        foreach (var use in Uses) own.ChainPolicy.ApplicationPolicy.Add(use);
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        return own.Build(certificate)
            ? null
            : $"the certificate '{certificate.Subject}' is not valid: {string.Join(", ", own.ChainStatus.Select(status => status.Status))}";
    }
}
