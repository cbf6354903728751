using System.Globalization;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Values;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// Reads the elements of a list. An element has no identity, so it gets a number: it is moved to a processing list in the order of the
/// list, and removed once it is durable, together with an update of the count of removed elements. The first element of the processing list
/// always has the number after that count, so after a crash every element has the same number as before.
/// </summary>
internal sealed class RedisListReader : IRedisReader
{
    /// <summary>
    /// Takes elements if the lease is held: those in processing from a number on, otherwise new ones. Keys: list, processing, state, lease.
    /// Arguments: token, milliseconds of the lease, count, end of the list, the number.
    /// </summary>
    private const string Take = """
        if redis.call('GET', KEYS[4]) ~= ARGV[1] then return false end
        redis.call('PEXPIRE', KEYS[4], ARGV[2])
        local count = tonumber(ARGV[3])
        local at = tonumber(ARGV[5]) - 1 - tonumber(redis.call('HGET', KEYS[3], 'done') or '0')
        if at < 0 or at > redis.call('LLEN', KEYS[2]) then return redis.error_reply('the numbers of ' .. KEYS[1] .. ' do not fit') end
        if at < redis.call('LLEN', KEYS[2]) then return redis.call('LRANGE', KEYS[2], at, at + count - 1) end
        local taken = {}
        for i = 1, count do
          local element = redis.call('LMOVE', KEYS[1], KEYS[2], ARGV[4], 'RIGHT')
          if not element then break end
          taken[i] = element
        end
        return taken
        """;

    /// <summary>
    /// Settles all elements up to a number. Keys: processing, state, dead letters. Arguments: epoch, the number, maximum of dead letters,
    /// name of the list, then for each rejected element its number, its reason and its text. Elements of another epoch and elements already
    /// settled are not changed.
    /// </summary>
    private const string Settle = """
        if redis.call('HGET', KEYS[2], 'epoch') ~= ARGV[1] then return 0 end
        local done = tonumber(redis.call('HGET', KEYS[2], 'done') or '0')
        local more = tonumber(ARGV[2]) - done
        if more <= 0 then return 0 end
        redis.call('LTRIM', KEYS[1], more, -1)
        redis.call('HSET', KEYS[2], 'done', ARGV[2])
        for i = 5, #ARGV, 3 do
          if tonumber(ARGV[i]) > done then
            redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*',
              'key', ARGV[4], 'id', ARGV[i], 'reason', ARGV[i + 1], 'message', ARGV[i + 2])
          end
        end
        return more
        """;

    private readonly RedisInOptions options;
    private readonly RedisKeys keys;
    private readonly ReaderMemory memory;
    private readonly ILogger logger;
    private readonly Source source;
    private long epoch;
    private long next = 1;

    public RedisListReader(string key, string consumer, RedisInOptions options, ReaderMemory memory, ILogger logger)
    {
        (Key, this.options, this.memory, this.logger) = (key, options, memory, logger);
        keys = new RedisKeys(key, options.Group);
        source = options.SourceOf(key);
        Lease = new RedisLease(keys.Lease, consumer, options.Lease);
    }

    /// <inheritdoc/>
    public string Key { get; }

    /// <inheritdoc/>
    public RedisLease Lease { get; }

    /// <inheritdoc/>
    public long Missed => 0;

    /// <inheritdoc/>
    public async Task BeginAsync(IDatabase redis)
    {
        var known = await redis.HashGetAsync(keys.State, ["epoch", "done"]).ConfigureAwait(false);
        var done = known[1].HasValue ? (long)known[1] : 0;
        epoch = known[0].HasValue ? (long)known[0] : 0;
        if (memory.Load() is { } kept && (kept.Epoch > epoch || (kept.Epoch == epoch && Number(kept.Cursor) > done)))
        {
            // Otherwise numbers would be assigned again, to other elements.
            epoch = kept.Epoch + 1;
            logger.ConnectorNotice(
                options.Name,
                $"Redis has lost writes: {kept.Cursor} elements of {Key} were settled in epoch {kept.Epoch}, but it has only {done}; "
                + $"the epoch is now {epoch}, and elements that reappeared are read twice");
        }

        var state = new RedisValue[] { Lease.Token, "epoch", epoch, "done", done };
        if ((long)await redis.ScriptEvaluateAsync(StreamScripts.SetState, [keys.State, keys.Lease], state).ConfigureAwait(false) == 0)
            throw new LeaseLostException(Key);
        Remember(done);
        next = done + 1;
    }

    /// <inheritdoc/>
    public async Task<RedisBatch> ReadAsync(IDatabase redis)
    {
        var taken = RedisLink.Parts(await redis.ScriptEvaluateAsync(
            Take, [Key, keys.Processing, keys.State, keys.Lease],
            [Lease.Token, Lease.Milliseconds, options.Batch, options.IsPushedLeft ? "RIGHT" : "LEFT", next]).ConfigureAwait(false))
            ?? throw new LeaseLostException(Key);
        if (taken.Length == 0) return RedisBatch.Empty;
        var messages = new List<RedisMessage>(taken.Length);
        foreach (var element in taken)
        {
            var message = new InboundMessage(source, epoch, next, (byte[]?)element ?? []);
            messages.Add(new RedisMessage(next.ToString(CultureInfo.InvariantCulture), message));
            next++;
        }

        return new RedisBatch(messages, "");
    }

    /// <inheritdoc/>
    public async Task SettleAsync(IDatabase redis, RedisBatch batch, MessageOutcome[] outcomes)
    {
        var last = batch.Messages[^1].Message.Seq;
        var arguments = new List<RedisValue> { epoch, last, options.MaxDeadLetters, Key };
        foreach (var (message, outcome) in batch.Messages.Zip(outcomes))
        {
            if (outcome.Unreadable is not null) arguments.AddRange([message.Place, DeadLetter.Reason(outcome), message.Message.Value]);
        }

        await redis.ScriptEvaluateAsync(Settle, [keys.Processing, keys.State, keys.Dead], [.. arguments]).ConfigureAwait(false);
        Remember(last);
    }

    /// <inheritdoc/>
    public async Task<long?> LagAsync(IDatabase redis) =>
        await redis.ListLengthAsync(Key).ConfigureAwait(false) + await redis.ListLengthAsync(keys.Processing).ConfigureAwait(false);

    private void Remember(long done) => memory.Save(epoch, done.ToString(CultureInfo.InvariantCulture), "");

    private static long Number(string text) => text.Length == 0 ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
}
