using ActorTrading.Connectors.Outbound;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// Sends results to Redis, each in one atomic step with its position, and only after the previous one. So each result is stored exactly
/// once, whatever is lost or repeated in transit, and even if another node sends, too.
/// </summary>
internal sealed class RedisResultTarget : IResultTarget
{
    /// <summary>
    /// Keys: state, stream, hash of the symbol (the state for none). Arguments: expected position, position of the result, its id, its
    /// symbol, its text, maximum length of the stream (0: no limit), channel, then fields of the hash and their values. Empty arguments are
    /// not used.
    /// </summary>
    private const string Send = """
        local there = redis.call('HGET', KEYS[1], 'position') or ''
        if there ~= ARGV[1] then return redis.error_reply('POSITION results up to ' .. there .. ' are there, and not up to ' .. ARGV[1]) end
        if KEYS[2] ~= KEYS[1] then
          local entry = {'id', ARGV[3], 'position', ARGV[2], 'symbol', ARGV[4], 'message', ARGV[5]}
          if ARGV[6] == '0' then redis.call('XADD', KEYS[2], '*', unpack(entry))
          else redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[6], '*', unpack(entry)) end
        end
        for i = 8, #ARGV, 2 do
          if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[3], ARGV[i]) else redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
        end
        if ARGV[7] ~= '' then redis.call('PUBLISH', ARGV[7], ARGV[5]) end
        redis.call('HSET', KEYS[1], 'position', ARGV[2])
        return 1
        """;

    private readonly RedisOutOptions options;
    private readonly RedisLink link;
    private readonly string state;
    private IDatabase? redis;
    private string last = "";

    /// <param name="node">The tag of the node, if it has results of its own; otherwise null.</param>
    public RedisResultTarget(RedisOutOptions options, string? node = null)
    {
        this.options = options;
        link = new RedisLink(options.Server, options.Name);
        var beside = RedisKeys.Tagged(options.Stream ?? options.Latest ?? options.Name);
        state = node is null ? $"{beside}:{options.Name}:state" : $"{beside}:{options.Name}:{node}:state";
    }

    /// <inheritdoc/>
    public string Peer => link.Peer;

    /// <inheritdoc/>
    public async Task<ResultPosition?> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            redis = await link.DatabaseAsync(cancellation).ConfigureAwait(false);
            last = (string?)await redis.HashGetAsync(state, "position").ConfigureAwait(false) ?? "";
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new ConnectorException(RedisLink.Reason(exception), exception);
        }

        if (last.Length == 0) return null;
        return ResultPosition.TryParse(last, out var position)
            ? position
            : throw new ConnectorException($"The field position of {state} holds '{last}', which is not a position.");
    }

    /// <inheritdoc/>
    public Task SendAsync(ResultMessage message, ResultPosition delivered)
    {
        // These calls are executed in the order of the connection. After a break, later calls do not find the position they expect.
        var (before, now) = (last, message.Position.ToString());
        last = now;
        var latest = options.Latest is { } prefix && message.Key.Length > 0 ? $"{prefix}:{message.Key}" : state;
        var arguments = new List<RedisValue>
        {
            before, now, message.Id, message.Key, message.Value, options.MaxLength ?? 0,
            options.Channel?.Replace("{symbol}", message.Key, StringComparison.Ordinal) ?? "",
        };
        if (latest != state) LatestFields.Add(message, options.Results.Kind, arguments);
        return SentAsync(redis!.ScriptEvaluateAsync(Send, [state, options.Stream ?? state, latest], [.. arguments]));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => link.DisposeAsync();

    private static async Task SentAsync(Task sent)
    {
        try
        {
            await sent.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new ConnectorException(RedisLink.Reason(exception), exception);
        }
    }
}
