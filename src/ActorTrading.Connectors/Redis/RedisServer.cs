using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Connectors.Settings;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>Connection settings of a Redis server.</summary>
internal sealed record RedisServer
{
    /// <summary>Addresses, each <c>HOST:PORT</c> or a host alone.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The number of the database.</summary>
    public int Database { get; init; }

    /// <summary>The ACL user; null for the default user.</summary>
    public string? User { get; init; }

    /// <summary>The password; null if there is none.</summary>
    public ConnectorSecret? Password { get; init; }

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>The name in the server's certificate; null for the host name.</summary>
    public string? TlsName { get; init; }

    /// <summary>The certificate authorities of the server's certificate; null for those of the machine.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The client certificate; null for none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Timeout of a response.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads the settings; errors are added to the section.</summary>
    public static RedisServer Read(ConnectorSection section)
    {
        var addresses = section.List("address", Address);
        if (addresses is null && !section.Has("address")) section.AddError("address", "is missing; it is HOST:PORT");
        var certificate = section.Text("tls_certificate");
        var key = section.Text("tls_key");
        if (certificate is null != key is null) section.AddError("tls_certificate", "tls_certificate and tls_key must be set together");
        var server = new RedisServer
        {
            Addresses = addresses ?? [],
            Database = (int)section.Number("database", otherwise: 0, least: 0, most: 1_000_000),
            User = section.Text("user"),
            Password = ConnectorSecret.Read(section, "password"),
            IsEncrypted = section.Flag("tls", otherwise: false),
            TlsName = section.Text("tls_name"),
            Authorities = section.Value("tls_ca", static path => Load(path, static path =>
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(path);
                return authorities.Count > 0 ? authorities : throw new FormatException($"{path} holds no certificate");
            })),
            Certificate = certificate is null || key is null
                ? null
                : section.Value("tls_certificate", _ => Load(certificate, path => X509Certificate2.CreateFromPemFile(path, key))),
        };
        if (server is { User: not null, Password: null })
            section.AddError("user", "it needs a password (password_file or password_variable)");
        if (!server.IsEncrypted && (section.Has("tls_ca") || certificate is not null || server.TlsName is not null))
            section.AddError("tls", "it is not true, but other TLS settings are set");
        return server;
    }

    /// <summary>The client's configuration. The client reconnects by itself; requests during a reconnect fail at once.</summary>
    public ConfigurationOptions ToConfiguration(string name)
    {
        var options = new ConfigurationOptions
        {
            ClientName = $"actortrading:{name}",
            DefaultDatabase = Database,
            User = User,
            Password = Password?.Reveal(),
            AbortOnConnectFail = true, // so that the first failure has a reason; the client recovers from later ones
            ConnectRetry = 1,
            ConnectTimeout = (int)Timeout.TotalMilliseconds,
            AsyncTimeout = (int)Timeout.TotalMilliseconds,
            SyncTimeout = (int)Timeout.TotalMilliseconds,
            BacklogPolicy = BacklogPolicy.FailFast,
            ReconnectRetryPolicy = new LinearRetry(500),
            HeartbeatInterval = TimeSpan.FromMilliseconds(500),
            Ssl = IsEncrypted,
            SslHost = TlsName,
        };
        foreach (var address in Addresses) options.EndPoints.Add(address);
        if (Authorities is not null) options.CertificateValidation += (_, certificate, _, errors) => IsTrusted(certificate, errors);
        if (Certificate is not null) options.CertificateSelection += (_, _, _, _, _) => Certificate;
        return options;
    }

    private static string Address(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        var isPort = colon < 0 || (ushort.TryParse(text[(colon + 1)..], out var port) && port > 0);
        return isPort && Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown
            ? text
            : throw new FormatException($"'{text}' is not HOST:PORT");
    }

    private static T Load<T>(string path, Func<string, T> load)
    {
        try
        {
            return load(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"{path}: {exception.Message}");
        }
    }

    /// <summary>Whether the certificate chain ends at the configured authorities and the name matches.</summary>
    private bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors)
    {
        const SslPolicyErrors WrongOrNone = SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable;
        if (certificate is null || (errors & WrongOrNone) != 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(presented);
    }
}
