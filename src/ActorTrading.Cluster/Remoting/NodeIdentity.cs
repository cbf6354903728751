using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Engine.Ingest;
using Akka.Actor;
using Akka.Remote.Transport.DotNetty;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// The certificate that this side shows, and the test of others: who is a node with which roles, and who is a subscriber. Files are
/// read once: a renewed certificate is shown after a restart. Safe for any number of threads.
/// </summary>
internal sealed class NodeIdentity
{
    private const int HandshakeFailed = 79; // the exit code of Akka.NET's TlsHandshakeFailureReason, which is internal

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

    /// <summary>What this node shows.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Whether nodes join only with roles that their certificates name.</summary>
    public bool NamesRoles { get; }

    /// <summary>Reads the files.</summary>
    /// <param name="tls">Which.</param>
    /// <param name="roles">The roles of this node, which its certificate must name where <see cref="NodeTls.Roles"/> is set; null for a
    /// subscriber.</param>
    /// <exception cref="CertificateException">One cannot be read, or does not name a role.</exception>
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
            + "which it has not.");
    }

    /// <summary>
    /// Whether an actor system ends because the handshake with a node that it called has failed: Akka.NET's way since 1.5.51.
    /// </summary>
    public static bool IsRefused(ActorSystem system) => CoordinatedShutdown.Get(system).ShutdownReason is { ExitCode: HandshakeFailed };

    /// <summary>What to throw where a node that was called refused this one, or was refused.</summary>
    public static AuthenticationException Refused(Exception cause) =>
        new("The handshake with another node has failed: one of the two does not accept the other's certificate. The log says why.", cause);

    /// <summary>What Akka.Remote goes by.</summary>
    /// <param name="isLetIn">Whether a connection goes on behind its handshake.</param>
    public DotNettySslSetup SetupFor(CertificateValidationCallback isLetIn) =>
        new(Certificate, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: false, isLetIn);

    /// <summary>What the certificate of the other side of a connection says of it; null if it is none of this cluster's.</summary>
    /// <param name="certificate">What it shows; null for nothing.</param>
    /// <param name="chain">What else it shows. Was tested by the authorities of the system, which count for nothing.</param>
    /// <param name="errors">Whether this side began the connection, and the certificate has not the name or address at which the
    /// other side was found.</param>
    /// <param name="isCalled">Whether this side began the connection: then the other must be a node.</param>
    /// <param name="fault">Why it is none.</param>
    public PeerIdentity? Identify(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, bool isCalled, out string? fault)
    {
        fault = FaultOf(certificate, chain);
        if (fault is not null) return null;
        var subject = certificate!.Subject;
        if (name is null)
        {
            if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return new PeerIdentity(true, null, subject);
            fault = $"the certificate '{subject}' is not of the address that it was found at";
            return null;
        }

        if (Has(certificate, name)) return new PeerIdentity(true, RolesOf(certificate), subject);
        if (!isCalled && subscriberName is not null && Has(certificate, subscriberName)) return new PeerIdentity(false, [], subject);
        var other = isCalled || subscriberName is null ? "" : $" of nodes or '{subscriberName}' of subscribers";
        fault = $"the certificate '{subject}' has not the name '{name}'{other}";
        return null;
    }

    private static bool Has(X509Certificate2 certificate, string name) =>
        certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false);

    private string NameOf(string role) => $"{role}.{name}";

    private List<string>? RolesOf(X509Certificate2 certificate) =>
        NamesRoles ? [.. NodeRole.All.Where(role => Has(certificate, NameOf(role)))] : null;

    private string? FaultOf(X509Certificate2? certificate, X509Chain? chain)
    {
        if (certificate is null) return "it shows no certificate";
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        foreach (var use in Uses) own.ChainPolicy.ApplicationPolicy.Add(use);
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        return own.Build(certificate)
            ? null
            : $"the certificate '{certificate.Subject}' is not good: {string.Join(", ", own.ChainStatus.Select(status => status.Status))}";
    }
}
