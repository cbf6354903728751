namespace ActorTrading.Cluster.Remoting;

/// <summary>What the certificate of a peer at the cluster's port says of it.</summary>
/// <param name="IsNode">Whether it is a node; otherwise it is a subscriber.</param>
/// <param name="Roles">The roles that a node may join with; null for all.</param>
/// <param name="Subject">The subject of the certificate, for logs.</param>
internal sealed record PeerIdentity(bool IsNode, IReadOnlyCollection<string>? Roles, string Subject);
