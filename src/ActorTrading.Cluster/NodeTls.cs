namespace ActorTrading.Cluster;

/// <summary>
/// Encryption between the nodes of a cluster, TLS 1.2, in which both sides of every connection show a certificate and test the
/// other's. Files are read when the node starts. Described in docs/security.md.
/// </summary>
public sealed record NodeTls
{
    /// <summary>The file of this node's certificate: PEM or PKCS #12 (<c>.pfx</c>, <c>.p12</c>).</summary>
    public required string Certificate { get; init; }

    /// <summary>The PEM file of the private key; null where the file of the certificate holds it.</summary>
    public string? Key { get; init; }

    /// <summary>The file whose first line is the password of the key; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The environment variable that holds the password; null for none.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>
    /// The PEM file of the authorities that nodes' certificates come from, those in between included. Nobody else is believed,
    /// whatever the system trusts.
    /// </summary>
    public required string Authority { get; init; }

    /// <summary>
    /// A DNS name that the certificate of every node must have, whoever began the connection. Null: the certificate of a node
    /// that is connected to must have the address or name at which it is reached, and one that connects may have any, so that the
    /// authority must be one for nodes only.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// A DNS name that the certificates of subscribers have. Who shows such a certificate, and not one with <see cref="Name"/>, can
    /// subscribe and ask for signals, and nothing else. Needs <see cref="Name"/>. Null: whoever is let in can be a node.
    /// </summary>
    public string? SubscriberName { get; init; }

    /// <summary>
    /// Whether a node joins only with roles that its certificate names, by DNS names ROLE.NAME such as <c>symbols.node.cluster</c>.
    /// Needs <see cref="Name"/>. Without it every node may join with any role.
    /// </summary>
    public bool Roles { get; init; }
}
