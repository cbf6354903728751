using ActorTrading.Connectors.Messages;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// A message that was taken from a key and is not settled yet. <paramref name="Place"/>: the id of its entry in a stream, or its number in
/// a list.
/// </summary>
internal readonly record struct RedisMessage(string Place, InboundMessage Message);

/// <summary>A batch of messages of one key, in order.</summary>
/// <param name="Print">A fingerprint of the last one; empty if not needed.</param>
internal sealed record RedisBatch(IReadOnlyList<RedisMessage> Messages, string Print)
{
    public static readonly RedisBatch Empty = new([], "");
}
