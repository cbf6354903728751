namespace ActorTrading.Client;

/// <summary>What a feed did so far.</summary>
/// <param name="Taken">Records taken.</param>
/// <param name="Sent">Records sent, resends included.</param>
/// <param name="Acknowledged">Records acknowledged: durable at the node, or refused by it and kept with the reason.</param>
/// <param name="Connections">Connections made.</param>
/// <param name="Rejected">Refusals heard of; a resend may repeat one.</param>
public sealed record FeedStatus(long Taken, long Sent, long Acknowledged, long Connections, long Rejected);
