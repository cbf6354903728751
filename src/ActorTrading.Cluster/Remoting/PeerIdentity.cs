namespace ActorTrading.Cluster.Remoting;

/// <summary>Identity in the certificate of a peer at the cluster port.</summary>
/// <param name="IsNode">Whether the peer is a node; otherwise it is a subscriber.</param>
/// <param name="Roles">The roles with which the node may join; null: all.</param>
/// <param name="Subject">Subject of the certificate, for logs.</param>
internal sealed record PeerIdentity(bool IsNode, IReadOnlyCollection<string>? Roles, string Subject);
