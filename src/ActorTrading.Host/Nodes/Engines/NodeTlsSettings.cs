namespace ActorTrading.Host.Nodes.Engines;

/// <summary>
/// TLS settings for connections between nodes: file paths, and the environment variable with the password. Missing settings are reported
/// when the settings are validated.
/// </summary>
internal sealed record NodeTlsSettings
{
    /// <summary>The file of this node's certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file of the private key; null when the certificate file contains it.</summary>
    public string? Key { get; init; }

    /// <summary>The file whose first line is the password of the private key; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The environment variable with the password of the private key; null for none.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>The file of the certificate authorities that issue node certificates.</summary>
    public string? Authority { get; init; }

    /// <summary>The name that all node certificates must contain; null for the host name of the address.</summary>
    public string? Name { get; init; }

    /// <summary>The name in the certificates of subscribers. Null: every client with an accepted certificate can join as a node.</summary>
    public string? SubscriberName { get; init; }

    /// <summary>Whether a node may join only with roles that its certificate names.</summary>
    public bool Roles { get; init; }
}
