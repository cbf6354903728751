namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Encryption at a door: whose certificate it shows, and whose clients it believes. TLS 1.2 and 1.3. Described in docs/ingest.md.
/// </summary>
public sealed record TlsOptions
{
    /// <summary>The file of the certificate: PEM, followed by those of its issuers, or PKCS #12 (<c>.pfx</c>, <c>.p12</c>).</summary>
    public required string Certificate { get; init; }

    /// <summary>The PEM file of the private key; null where the file of the certificate holds it.</summary>
    public string? Key { get; init; }

    /// <summary>The file whose first line is the password of the key; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The environment variable that holds the password; null for none.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>The PEM file of the authorities that sign client certificates; null: clients show none.</summary>
    public string? ClientAuthority { get; init; }

    /// <summary>Whether a client must show one. Otherwise it may, and one that does must show a good one.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>How long a handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
