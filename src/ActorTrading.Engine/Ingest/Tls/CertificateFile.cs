using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrading.Engine.Ingest.Tls;

/// <summary>
/// Server certificate, read from files that may be renewed at any time. New connections use the new certificate; open ones continue. Files
/// that cannot be read change nothing and are reported. Thread-safe.
/// </summary>
public sealed class CertificateFile : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    private readonly TlsOptions options;
    private readonly Action<string>? onNotice;
    private readonly Lock reloading = new();
    private readonly ITimer timer;
    private string seen;
    private volatile CertificateSet current;

    private CertificateFile(TlsOptions options, CertificateSet current, string seen, Action<string>? onNotice, TimeProvider time)
    {
        (this.options, this.current, this.seen, this.onNotice) = (options, current, seen, onNotice);
        timer = time.CreateTimer(_ => Reload(), null, PollInterval, PollInterval);
    }

    /// <summary>The options that it was opened with.</summary>
    public TlsOptions Options => options;

    /// <summary>The certificate for new connections.</summary>
    public X509Certificate2 Current => current.Certificate;

    /// <summary>Called for every new version of the files, with the reason why it is not used, or null if it is. Must not throw.</summary>
    public Action<string?>? OnReload { get; set; }

    /// <summary>Reads the files and checks them for changes every 10 seconds.</summary>
    /// <param name="options">Which files.</param>
    /// <param name="onNotice">
    /// Called with a message when a new certificate is in use, and when it cannot be read. The message contains no secret.
    /// </param>
    /// <param name="time">The clock; by default the system clock.</param>
    /// <exception cref="CertificateException">A file cannot be read.</exception>
    public static CertificateFile Open(TlsOptions options, Action<string>? onNotice = null, TimeProvider? time = null)
    {
        try
        {
            var seen = Stamp(options);
            return new CertificateFile(options, CertificateSet.Read(options), seen, onNotice, time ?? TimeProvider.System);
        }
        catch (Exception e) when (IsProblem(e))
        {
            throw new CertificateException($"{options.Certificate}: {e.Message}", e);
        }
    }

    /// <summary>TLS options for a new server connection, over TCP and HTTP alike.</summary>
    public SslServerAuthenticationOptions ServerOptions()
    {
        var set = current;
        var server = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = set.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (set.ClientAuthorities is { } authorities)
        {
            server.ClientCertificateRequired = true; // requests the certificate; whether it may be missing is decided below
            server.AllowTlsResume = false; // a resumed session would not send the certificate again
            server.CertificateChainPolicy = Believing(authorities);
            server.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                certificate is null ? !options.RequireClientCertificate : errors == SslPolicyErrors.None;
        }

        return server;
    }

    /// <summary>
    /// TLS options for a new client connection to another node. The client sends the same certificate. It trusts the authorities of client
    /// certificates, or those of the system if none are configured.
    /// </summary>
    /// <param name="host">The name or IP address that the server's certificate must contain.</param>
    public SslClientAuthenticationOptions ClientOptions(string host)
    {
        var set = current;
        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = set.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowTlsResume = false, // each connection sends both certificates
            CertificateChainPolicy = set.ClientAuthorities is { } authorities ? Believing(authorities) : null,
        };
    }

    /// <summary>Checks the files for changes now. Returns whether a new certificate came into use.</summary>
    public bool Reload()
    {
        lock (reloading)
        {
            try
            {
                var found = Stamp(options);
                if (found == seen) return false;
                seen = found; // broken files are reported once
                current = CertificateSet.Read(options);
            }
            catch (Exception e) when (IsProblem(e))
            {
                onNotice?.Invoke($"{options.Certificate}: the previous certificate stays in use: {e.Message}");
                OnReload?.Invoke(e.Message);
                return false;
            }
        }

        onNotice?.Invoke($"{options.Certificate}: new certificate in use, valid until {Current.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        OnReload?.Invoke(null);
        return true;
    }

    /// <summary>Stops checking the files.</summary>
    public void Dispose() => timer.Dispose();

    private static X509ChainPolicy Believing(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Fingerprint of the content of all files; a missing file counts as empty.</summary>
    private static string Stamp(TlsOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in new[] { options.Certificate, options.Key, options.PasswordFile, options.ClientAuthority })
        {
            if (path is not null && File.Exists(path)) hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
            else hash.AppendData("none"u8);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static bool IsProblem(Exception e) =>
        e is IOException or UnauthorizedAccessException or CryptographicException or CertificateException or ArgumentException
            or FormatException;
}
