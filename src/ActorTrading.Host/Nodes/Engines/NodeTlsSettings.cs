namespace ActorTrading.Host.Nodes.Engines;

/// <summary>
/// What a node is told of encryption between the nodes of its cluster: files, and the name of the variable that holds a password.
/// What is missing is refused with the settings.
/// </summary>
internal sealed record NodeTlsSettings
{
    /// <summary>The file of this node's certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file of its key; null where that of the certificate holds it.</summary>
    public string? Key { get; init; }

    /// <summary>The file whose first line is the password of the key; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The environment variable that holds the password; null for none.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>The file of the authorities that nodes' certificates come from.</summary>
    public string? Authority { get; init; }

    /// <summary>The name that the certificates of all nodes must have; null for that of the address.</summary>
    public string? Name { get; init; }

    /// <summary>The name that the certificates of subscribers have; null: whoever is let in can be a node.</summary>
    public string? SubscriberName { get; init; }

    /// <summary>Whether nodes join only with roles that their certificates name.</summary>
    public bool Roles { get; init; }
}
