namespace ActorTrading.Cluster;

/// <summary>
/// TLS 1.2 between the nodes of a cluster. Both sides of every connection present and validate certificates. Files are read when the
/// node starts. Described in docs/security.md.
/// </summary>
public sealed record NodeTls
{
    /// <summary>Certificate file of this node: PEM or PKCS #12 (<c>.pfx</c>, <c>.p12</c>).</summary>
    public required string Certificate { get; init; }

    /// <summary>PEM file of the private key; null if the certificate file contains it.</summary>
    public string? Key { get; init; }

    /// <summary>File with the key's password in its first line; null: none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Environment variable with the password; null: none.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>
    /// PEM file of the authorities of node certificates, including intermediate ones. No other authorities are trusted, not even
    /// those of the system.
    /// </summary>
    public required string Authority { get; init; }

    /// <summary>
    /// DNS name that every node certificate must have, on both sides of a connection. Null: the certificate of a node must match the
    /// address or name at which this node connects to it, and the certificate of a connecting node may have any name. The authority
    /// must then issue certificates to nodes only.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// DNS name of subscriber certificates. A peer with such a certificate, without <see cref="Name"/>, can subscribe and query
    /// signals, and nothing else. Needs <see cref="Name"/>. Null: every accepted peer can be a node.
    /// </summary>
    public string? SubscriberName { get; init; }

    /// <summary>
    /// Whether a node may join only with roles that its certificate names, as DNS names ROLE.NAME, e.g. <c>symbols.node.cluster</c>.
    /// Needs <see cref="Name"/>. If false, every node may join with any role.
    /// </summary>
    public bool Roles { get; init; }
}
