namespace ActorTrading.Engine.Ingest.Tls;

/// <summary>
/// TLS options of a listener: the server certificate and the trusted client certificates. TLS 1.2 and 1.3. Described in docs/ingest.md.
/// </summary>
public sealed record TlsOptions
{
    /// <summary>The certificate file: PEM, followed by the issuers' certificates, or PKCS #12 (<c>.pfx</c>, <c>.p12</c>).</summary>
    public required string Certificate { get; init; }

    /// <summary>The PEM file of the private key; null if the certificate file contains it.</summary>
    public string? Key { get; init; }

    /// <summary>The file whose first line is the password of the key; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The environment variable with the password; null for none.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>The PEM file of the authorities that sign client certificates; null: clients are not asked for a certificate.</summary>
    public string? ClientAuthority { get; init; }

    /// <summary>Whether clients must send a certificate. If false, a client may send one, and it must be valid.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>Maximum duration of a handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
