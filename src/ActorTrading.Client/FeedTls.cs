using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrading.Client;

/// <summary>TLS settings of a connection to a node. TLS 1.2 and 1.3.</summary>
public sealed record FeedTls
{
    /// <summary>The code of the <see cref="FeedRefusedException"/> if the handshake fails or a certificate is not trusted.</summary>
    public const string Failed = "tls_failed";

    /// <summary>The host name that the node's certificate must have; null: the host of the connection.</summary>
    public string? HostName { get; init; }

    /// <summary>The certificate authorities trusted for the node's certificate; null: those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The client certificate, with its private key; null for none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The options for a connection to that host.</summary>
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

    /// <summary>Encrypts a connection. Takes ownership of the stream.</summary>
    /// <exception cref="FeedRefusedException">The server's certificate is not accepted, or the server does not use TLS.</exception>
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
