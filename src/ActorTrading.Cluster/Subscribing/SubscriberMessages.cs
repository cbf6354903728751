namespace ActorTrading.Cluster.Subscribing;

/// <summary>The first message of a subscriber.</summary>
/// <param name="Cluster">The name of the cluster that it looks for.</param>
internal sealed record SubscriberHello(string Cluster);

/// <summary>The answer of a node to <see cref="SubscriberHello"/>.</summary>
/// <param name="Refusal">Why the subscriber is not served here; empty if it is.</param>
/// <param name="Gateways">The nodes that serve subscribers, as HOST:PORT.</param>
internal sealed record SubscriberAnswer(string Refusal, IReadOnlyList<string> Gateways);

/// <summary>A subscriber wants a topic from now on.</summary>
/// <param name="Id">Its number for it, which messages of the topic have.</param>
/// <param name="Topic">See <see cref="Signals.Topics"/>.</param>
internal sealed record FollowTopic(long Id, string Topic);

/// <summary>What is published on the topic from now on comes.</summary>
internal sealed record TopicFollowed(long Id);

/// <summary>A subscriber no longer wants a topic.</summary>
internal sealed record LeaveTopic(long Id);

/// <summary>Something was published on a topic.</summary>
/// <param name="Id">The subscriber's number for the topic.</param>
/// <param name="Manifest">The kind of message, as between nodes.</param>
/// <param name="Bytes">The message, as between nodes.</param>
internal sealed record TopicMessage(long Id, string Manifest, byte[] Bytes);

/// <summary>A subscriber asks for signals behind a position.</summary>
/// <param name="Id">Its number for the question, which the answer has.</param>
/// <param name="Position">The last position that it has.</param>
internal sealed record AskSignals(long Id, long Position);

/// <summary>The answer to <see cref="AskSignals"/>.</summary>
/// <param name="Id">The number of the question.</param>
/// <param name="Page">A <see cref="Messages.SignalsPage"/>, as between nodes.</param>
internal sealed record SignalsAnswer(long Id, byte[] Page);

/// <summary>A node says so every two seconds, a subscriber every second and when it has taken much.</summary>
/// <param name="Taken">The bytes that a subscriber has read on this connection; 0 from a node.</param>
internal sealed record Heartbeat(long Taken);
