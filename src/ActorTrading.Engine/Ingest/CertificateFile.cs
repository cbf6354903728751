using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// The certificate of a server, from files that may be renewed at any time: new connections get the new one, open ones go on;
/// files that cannot be read change nothing and are told of. Safe for any number of threads.
/// </summary>
public sealed class CertificateFile : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly TlsOptions options;
    private readonly Action<string>? onNotice;
    private readonly Lock reloading = new();
    private readonly ITimer timer;
    private string seen;
    private volatile CertificateSet current;

    private CertificateFile(TlsOptions options, CertificateSet current, string seen, Action<string>? onNotice, TimeProvider time)
    {
        (this.options, this.current, this.seen, this.onNotice) = (options, current, seen, onNotice);
        timer = time.CreateTimer(_ => Reload(), null, LookEvery, LookEvery);
    }

    /// <summary>What it was opened with.</summary>
    public TlsOptions Options => options;

    /// <summary>The certificate that new connections get.</summary>
    public X509Certificate2 Current => current.Certificate;

    /// <summary>Hears of every new version of the files: why it is not shown, or null where it is. Must not throw.</summary>
    public Action<string?>? OnReload { get; set; }

    /// <summary>Reads the files, and looks every 10 seconds whether they have changed.</summary>
    /// <param name="options">Which files.</param>
    /// <param name="onNotice">Told when a new certificate is shown, and when it cannot be read. Never told a secret.</param>
    /// <param name="time">The clock; by default the system's.</param>
    /// <exception cref="CertificateException">One cannot be read.</exception>
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

    /// <summary>How a connection that begins now is to be encrypted, over TCP and HTTP alike.</summary>
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
            server.ClientCertificateRequired = true; // asked for; whether it may be missing is said below
            server.AllowTlsResume = false; // a resumed session would not show it again
            server.CertificateChainPolicy = Believing(authorities);
            server.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                certificate is null ? !options.RequireClientCertificate : errors == SslPolicyErrors.None;
        }

        return server;
    }

    /// <summary>
    /// How a connection that this side begins now is to be encrypted, to one of its own kind: shows the same certificate, and
    /// believes the authorities of clients, or those of the system where none are named.
    /// </summary>
    /// <param name="host">The name or IP address that the other side's certificate must have.</param>
    public SslClientAuthenticationOptions ClientOptions(string host)
    {
        var set = current;
        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = set.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowTlsResume = false, // each connection shows both certificates
            CertificateChainPolicy = set.ClientAuthorities is { } authorities ? Believing(authorities) : null,
        };
    }

    /// <summary>Looks at once whether the files have changed. Whether a new certificate is shown since.</summary>
    public bool Reload()
    {
        lock (reloading)
        {
            try
            {
                var found = Stamp(options);
                if (found == seen) return false;
                seen = found; // broken files are told of once
                current = CertificateSet.Read(options);
            }
            catch (Exception e) when (IsProblem(e))
            {
                onNotice?.Invoke($"{options.Certificate}: the certificate of before goes on to be shown: {e.Message}");
                OnReload?.Invoke(e.Message);
                return false;
            }
        }

        onNotice?.Invoke($"{options.Certificate}: a new certificate is shown, good until {Current.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        OnReload?.Invoke(null);
        return true;
    }

    /// <summary>Looks no more.</summary>
    public void Dispose() => timer.Dispose();

    private static X509ChainPolicy Believing(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>What changes with the content of any of the files; a file that is not there counts as empty.</summary>
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
