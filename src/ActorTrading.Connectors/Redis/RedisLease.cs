using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// The right to read a key, which one connector of all nodes has at a time. Every script that takes messages looks at it first, so
/// that a reader that has lost it takes nothing more, whatever was under way. It expires where it is not renewed.
/// </summary>
/// <param name="consumer">
/// Who asks: unique, and the same after a restart, so that a connector that was killed has its lease back at once.
/// </param>
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
    /// What the key holds while the lease is ours. Another one for each time that it is taken: what an earlier one had under way is void.
    /// </summary>
    public string Token { get; private set; } = "";

    /// <summary>How long it lasts without being renewed, in milliseconds.</summary>
    public long Milliseconds { get; } = (long)duration.TotalMilliseconds;

    /// <summary>Takes it.</summary>
    /// <returns>Null, or who else has it.</returns>
    public async Task<string?> TryTakeAsync(IDatabase redis)
    {
        var token = $"{consumer}/{Guid.NewGuid():N}";
        var holder = (string?)await redis.ScriptEvaluateAsync(Take, [key], [consumer + "/", token, Milliseconds]).ConfigureAwait(false);
        if (!string.IsNullOrEmpty(holder)) return holder.Split('/')[0];
        Token = token;
        return null;
    }

    /// <summary>Makes it last; false where it is lost.</summary>
    public async Task<bool> RenewAsync(IDatabase redis) =>
        (long)await redis.ScriptEvaluateAsync(Renew, [key], [Token, Milliseconds]).ConfigureAwait(false) == 1;

    /// <summary>Gives it back, so that another node has it at once.</summary>
    public Task ReleaseAsync(IDatabase redis) => redis.ScriptEvaluateAsync(Release, [key], [Token]);
}

/// <summary>Another connector reads the key now.</summary>
internal sealed class LeaseLostException(string key) : Exception($"another node reads {key} now");
