using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrading.Client;

/// <summary>Encryption between a client and a node. TLS 1.2 and 1.3.</summary>
public sealed record FeedTls
{
    /// <summary>The code of the <see cref="FeedRefusedException"/> when there is no handshake, or a certificate is not believed.</summary>
    public const string Failed = "tls_failed";

    /// <summary>The name that the node's certificate must have; null: the host that is connected to.</summary>
    public string? HostName { get; init; }

    /// <summary>The authorities that the node's certificate must come from; null: those that the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The certificate to show, with its key; null for none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What a connection to that host is made with.</summary>
    internal SslClientAuthenticationOptions ToOptions(string? host)
    {
        var client = new SslClientAuthenticationOptions
        {
            TargetHost = HostName ?? host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateContext = Certificate is null ? null : SslStreamCertificateContext.Create(Certificate, null, offline: true),
        };
        if (Authorities is not null)
        {
            client.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            client.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities);
        }

        return client;
    }

    /// <summary>Encrypts a connection. Owns the stream from then on.</summary>
    /// <exception cref="FeedRefusedException">The server is not who it should be, or speaks no TLS.</exception>
    internal async ValueTask<Stream> EncryptAsync(Stream plain, string host, CancellationToken cancellation)
    {
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(ToOptions(host), cancellation).ConfigureAwait(false);
            return stream;
        }
        catch (AuthenticationException e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new FeedRefusedException(Failed, e.Message);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
