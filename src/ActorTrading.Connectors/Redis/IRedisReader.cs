using ActorTrading.Connectors.Messages;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>Takes messages from one key. Used by one attempt after another, never by two at a time.</summary>
internal interface IRedisReader
{
    /// <summary>The key.</summary>
    string Key { get; }

    /// <summary>The right to read it.</summary>
    RedisLease Lease { get; }

    /// <summary>Messages that were gone before they were read, since the key was first read.</summary>
    long Missed { get; }

    /// <summary>Begins, under the lease: messages that were taken before and are not settled come first.</summary>
    Task BeginAsync(IDatabase redis);

    /// <summary>The next messages; none where there are none now.</summary>
    /// <exception cref="LeaseLostException">The lease is lost; nothing was taken.</exception>
    Task<RedisBatch> ReadAsync(IDatabase redis);

    /// <summary>Notes that messages are durable and must not come again; refused ones become dead letters, in one step with that.</summary>
    Task SettleAsync(IDatabase redis, RedisBatch batch, MessageOutcome[] outcomes);

    /// <summary>Messages that wait, those under way included; null where that is not known.</summary>
    Task<long?> LagAsync(IDatabase redis);
}
