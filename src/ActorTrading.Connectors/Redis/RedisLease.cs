using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// The lease of a key: only one connector of all nodes may read it at a time. Every script that takes messages checks the lease first, so
/// that a reader that has lost it takes no more. It expires if it is not renewed.
/// </summary>
/// <param name="consumer">The name of the consumer: unique, and the same after a restart, so that a killed connector gets its lease back at
/// once.</param>
internal sealed class RedisLease(string key, string consumer, TimeSpan duration)
{
    private const string Take = """
        local held = redis.call('GET', KEYS[1])
        if held and string.sub(held, 1, #ARGV[1]) ~= ARGV[1] then return held end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return ''
        """;

    private const string Renew = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """;

    private const string Release = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('DEL', KEYS[1])
        """;

    /// <summary>
    /// The value of the lease's key while this reader holds it. A new one each time the lease is taken: the work of an earlier token is
    /// void.
    /// </summary>
    public string Token { get; private set; } = "";

    /// <summary>Duration of the lease without a renewal, in milliseconds.</summary>
    public long Milliseconds { get; } = (long)duration.TotalMilliseconds;

    /// <summary>Takes the lease.</summary>
    /// <returns>Null, or the current holder.</returns>
    public async Task<string?> TryTakeAsync(IDatabase redis)
    {
        var token = $"{consumer}/{Guid.NewGuid():N}";
        var holder = (string?)await redis.ScriptEvaluateAsync(Take, [key], [consumer + "/", token, Milliseconds]).ConfigureAwait(false);
        if (!string.IsNullOrEmpty(holder)) return holder.Split('/')[0];
        Token = token;
        return null;
    }

    /// <summary>Renews the lease. Returns false if it is lost.</summary>
    public async Task<bool> RenewAsync(IDatabase redis) =>
        (long)await redis.ScriptEvaluateAsync(Renew, [key], [Token, Milliseconds]).ConfigureAwait(false) == 1;

    /// <summary>Releases the lease, so that another node can take it at once.</summary>
    public Task ReleaseAsync(IDatabase redis) => redis.ScriptEvaluateAsync(Release, [key], [Token]);
}

/// <summary>The lease was lost: another connector reads the key now.</summary>
internal sealed class LeaseLostException(string key) : Exception($"another node reads {key} now");
