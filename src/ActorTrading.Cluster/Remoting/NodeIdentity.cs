using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Engine.Ingest;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// The certificate that this node shows to other nodes, and the test of theirs, for Akka.Remote's own TLS. Files are read once: a renewed certificate is shown after a restart.
/// Safe for any number of threads.
/// </summary>
internal sealed class NodeIdentity
{
    private const int HandshakeFailed = 79; // the exit code of Akka.NET's TlsHandshakeFailureReason, which is internal

    private static readonly Oid[] Uses = [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")]; // serverAuth, clientAuth

    private readonly X509Certificate2Collection authorities;
    private readonly string? name;

    private NodeIdentity(CertificateFile file, string? name)
    {
        this.name = name;
        authorities = file.ClientOptions("").CertificateChainPolicy!.CustomTrustStore;
        Setup = new DotNettySslSetup(file.Current, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: false, IsNode);
    }

    /// <summary>What Akka.Remote goes by, where <c>akka.remote.dot-netty.tcp.enable-ssl</c> is on.</summary>
    public DotNettySslSetup Setup { get; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="CertificateException">One cannot be read.</exception>
    public static NodeIdentity Open(NodeTls tls)
    {
        using var file = CertificateFile.Open(new TlsOptions
        {
            Certificate = tls.Certificate, Key = tls.Key, PasswordFile = tls.PasswordFile, PasswordVariable = tls.PasswordVariable,
            ClientAuthority = tls.Authority, RequireClientCertificate = true,
        });
        return new NodeIdentity(file, tls.Name);
    }

    /// <summary>Whether an actor system ends because the handshake with a node that it called has failed: Akka.NET's way since 1.5.51.</summary>
    public static bool IsRefused(ActorSystem system) => CoordinatedShutdown.Get(system).ShutdownReason is { ExitCode: HandshakeFailed };

    /// <summary>What to throw where a node that was called refused this one, or was refused.</summary>
    public static AuthenticationException Refused(Exception cause) => new("The handshake with another node has failed: one of the two does not accept the other's certificate. The log says why.", cause);

    /// <summary>Whether the other side of a connection is a node of the cluster. Why not is logged.</summary>
    /// <param name="certificate">What it shows; null for nothing.</param>
    /// <param name="chain">What else it shows. Was tested by the authorities of the system, which count for nothing.</param>
    /// <param name="peer">Its address.</param>
    /// <param name="errors">Whether this side began the connection, and the certificate has not the name or address at which the other side was found.</param>
    /// <param name="log">For the reason.</param>
    private bool IsNode(X509Certificate2? certificate, X509Chain? chain, string peer, SslPolicyErrors errors, ILoggingAdapter log)
    {
        var fault = FaultOf(certificate, chain, errors);
        if (fault is not null) log.Warning("{0} is not let in: {1}", peer, fault);
        return fault is null;
    }

    private string? FaultOf(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) return "it shows no certificate";
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        foreach (var use in Uses) own.ChainPolicy.ApplicationPolicy.Add(use);
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        if (!own.Build(certificate))
            return $"the certificate '{certificate.Subject}' is not good: {string.Join(", ", own.ChainStatus.Select(status => status.Status))}";
        if (name is null)
        {
            return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"the certificate '{certificate.Subject}' is not of the address that it was found at" : null;
        }

        return certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false) ? null : $"the certificate '{certificate.Subject}' has not the name '{name}'";
    }
}
