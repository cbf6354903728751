namespace ActorTrading.Cluster.Subscribing;

/// <summary>First message of a subscriber.</summary>
/// <param name="Cluster">Name of the cluster that it wants.</param>
internal sealed record SubscriberHello(string Cluster);

/// <summary>Answer of a node to <see cref="SubscriberHello"/>.</summary>
/// <param name="Error">Why the node does not serve the subscriber; empty: it does.</param>
/// <param name="Gateways">The nodes that serve subscribers, as HOST:PORT.</param>
internal sealed record SubscriberAnswer(string Error, IReadOnlyList<string> Gateways);

/// <summary>Subscribes to a topic.</summary>
/// <param name="Id">The subscriber's number for the topic. Messages of the topic contain it.</param>
/// <param name="Topic">See <see cref="Signals.Topics"/>.</param>
internal sealed record FollowTopic(long Id, string Topic);

/// <summary>The node has subscribed to the topic. Later messages will be sent.</summary>
internal sealed record TopicFollowed(long Id);

/// <summary>Unsubscribes from a topic.</summary>
internal sealed record LeaveTopic(long Id);

/// <summary>A message that was published on a topic.</summary>
/// <param name="Id">The subscriber's number for the topic.</param>
/// <param name="Manifest">Manifest of the message, as between nodes.</param>
/// <param name="Bytes">The message, as between nodes.</param>
internal sealed record TopicMessage(long Id, string Manifest, byte[] Bytes);

/// <summary>Asks for the signals after a position of the log.</summary>
/// <param name="Id">The subscriber's number for the query. The answer contains it.</param>
/// <param name="Position">The last position that the subscriber has.</param>
internal sealed record AskSignals(long Id, long Position);

/// <summary>Answer to <see cref="AskSignals"/>.</summary>
/// <param name="Id">Number of the query.</param>
/// <param name="Page">A <see cref="Messages.SignalsPage"/>, as between nodes.</param>
internal sealed record SignalsAnswer(long Id, byte[] Page);

/// <summary>Sent by a node every two seconds, and by a subscriber every second and after every 256 KiB read.</summary>
/// <param name="Taken">Bytes that the subscriber has read on this connection; 0 from a node.</param>
internal sealed record Heartbeat(long Taken);
