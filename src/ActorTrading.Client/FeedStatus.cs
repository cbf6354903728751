namespace ActorTrading.Client;

/// <summary>Counters of a feed.</summary>
/// <param name="Taken">Records accepted by the feed for sending.</param>
/// <param name="Sent">Records sent, resends included.</param>
/// <param name="Acknowledged">Records acknowledged: durable at the node, or rejected by it and stored with the reason.</param>
/// <param name="Connections">Connections opened.</param>
/// <param name="Rejected">Rejections received; a resend may repeat one.</param>
public sealed record FeedStatus(long Taken, long Sent, long Acknowledged, long Connections, long Rejected);
