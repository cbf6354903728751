using ActorTrading.Connectors.Messages;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>Reads messages from one key. Used by one attempt at a time.</summary>
internal interface IRedisReader
{
    /// <summary>The key.</summary>
    string Key { get; }

    /// <summary>The lease of the key.</summary>
    RedisLease Lease { get; }

    /// <summary>Number of messages deleted before they were read, since the key was first read.</summary>
    long Missed { get; }

    /// <summary>Starts reading under the lease: messages that were taken before and are not settled come first.</summary>
    Task BeginAsync(IDatabase redis);

    /// <summary>The next messages; empty if there are none now.</summary>
    /// <exception cref="LeaseLostException">The lease is lost; nothing was taken.</exception>
    Task<RedisBatch> ReadAsync(IDatabase redis);

    /// <summary>Marks messages as durable, so that they are not read again. Rejected ones become dead letters in the same step.</summary>
    Task SettleAsync(IDatabase redis, RedisBatch batch, MessageOutcome[] outcomes);

    /// <summary>Number of waiting messages, including those in flight; null if unknown.</summary>
    Task<long?> LagAsync(IDatabase redis);
}
