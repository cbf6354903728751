using System.Globalization;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>
/// Reads a stream as the only active consumer of a group. A symbol drops records older than its last one, so entries must be read in the
/// order of their ids. Entries that were delivered to any consumer but not acknowledged come before new entries. Safety argument:
/// docs/redis.md.
/// </summary>
internal sealed class RedisStreamReader : IRedisReader
{
    private readonly RedisInOptions options;
    private readonly RedisKeys keys;
    private readonly ReaderMemory memory;
    private readonly ILogger logger;
    private readonly string consumer;
    private readonly Source source;
    private readonly EntryText text;
    private long epoch;
    private string next = "0-0"; // where the entries that are not settled go on; empty behind them
    private long missed;

    public RedisStreamReader(string key, string consumer, RedisInOptions options, ReaderMemory memory, ILogger logger)
    {
        (Key, this.consumer, this.options, this.memory, this.logger) = (key, consumer, options, memory, logger);
        keys = new RedisKeys(key, options.Group);
        source = options.SourceOf(key);
        text = new EntryText(options.MessageField);
        Lease = new RedisLease(keys.Lease, consumer, options.Lease);
    }

    /// <inheritdoc/>
    public string Key { get; }

    /// <inheritdoc/>
    public RedisLease Lease { get; }

    /// <inheritdoc/>
    public long Missed => Interlocked.Read(ref missed);

    /// <inheritdoc/>
    public async Task BeginAsync(IDatabase redis)
    {
        var state = (await redis.HashGetAllAsync(keys.State).ConfigureAwait(false))
            .ToDictionary(static field => (string)field.Name!, static field => (string)field.Value!);
        var known = StreamProgress.Of(state, state.ContainsKey("epoch") ? null : memory.Load());
        var info = await StreamInfo.ReadAsync(redis, Key).ConfigureAwait(false);
        var group = info is null ? null : await GroupInfo.ReadAsync(redis, Key, options.Group).ConfigureAwait(false);
        var why = await known.WhyAnewAsync(redis, Key, info, group).ConfigureAwait(false);
        epoch = why is null ? known.Epoch : known.Epoch + 1;
        if (why is not null)
            logger.ConnectorNotice(options.Name, $"the stream {Key} was recreated: {why}; its epoch is now {epoch}");
        var changes = new List<RedisValue> { Lease.Token, "epoch", epoch, "back", "" };
        if (why is not null) changes.AddRange(["cursor", "", "print", ""]);
        if (group is null)
        {
            await CreateGroupAsync(redis, fromFirst: options.FromFirst || known.Cursor is not null).ConfigureAwait(false);
            info = await StreamInfo.ReadAsync(redis, Key).ConfigureAwait(false) ?? throw new RedisReadException($"{Key} is gone");
            group = await GroupInfo.ReadAsync(redis, Key, options.Group).ConfigureAwait(false)
                ?? throw new RedisReadException($"the group of {Key} is gone");
            changes.AddRange(Count(info, group));
        }
        else if (why is not null || known.WentBack || !state.ContainsKey("read"))
        {
            changes.AddRange(Count(info!, group));
        }

        var written = await redis.ScriptEvaluateAsync(StreamScripts.SetState, [keys.State, keys.Lease], [.. changes]).ConfigureAwait(false);
        if ((long)written == 0) throw new LeaseLostException(Key);
        memory.Save(epoch, why is null ? known.Cursor?.ToString() ?? "" : "", why is null ? known.Print : "");
        Interlocked.Exchange(ref missed, long.Parse(state.GetValueOrDefault("missed", "0"), CultureInfo.InvariantCulture));
        next = "0-0";
    }

    /// <inheritdoc/>
    public async Task<RedisBatch> ReadAsync(IDatabase redis)
    {
        var answer = RedisLink.Parts(await redis.ScriptEvaluateAsync(
            StreamScripts.Read, [Key, keys.State, keys.Lease],
            [Lease.Token, Lease.Milliseconds, options.Group, consumer, options.Batch, next]).ConfigureAwait(false))
            ?? throw new LeaseLostException(Key);
        next = (string?)answer[1] ?? "";
        Interlocked.Exchange(ref missed, long.Parse((string)answer[2]!, CultureInfo.InvariantCulture));
        if ((int)answer[3] == 1) throw new RedisReadException("its ids decreased");
        return BatchOf((RedisResult[]?)answer[0] ?? []);
    }

    /// <inheritdoc/>
    public async Task SettleAsync(IDatabase redis, RedisBatch batch, MessageOutcome[] outcomes)
    {
        var last = batch.Messages[^1].Place;
        var arguments = new List<RedisValue>
        {
            options.Group, Lease.Token, last, batch.Print, options.MaxDeadLetters, batch.Messages.Count,
        };
        arguments.AddRange(batch.Messages.Select(message => (RedisValue)message.Place));
        foreach (var (message, outcome) in batch.Messages.Zip(outcomes))
        {
            if (outcome.Unreadable is not null) arguments.AddRange([message.Place, DeadLetter.Reason(outcome), message.Message.Value]);
        }

        await redis.ScriptEvaluateAsync(StreamScripts.Settle, [Key, keys.State, keys.Lease, keys.Dead], [.. arguments])
            .ConfigureAwait(false);
        memory.Save(epoch, last, batch.Print);
    }

    /// <inheritdoc/>
    public async Task<long?> LagAsync(IDatabase redis)
    {
        var group = await GroupInfo.ReadAsync(redis, Key, options.Group).ConfigureAwait(false);
        return group?.Lag + group?.Pending;
    }

    private async Task CreateGroupAsync(IDatabase redis, bool fromFirst)
    {
        try
        {
            await redis.ExecuteAsync("XGROUP", "CREATE", (RedisKey)Key, options.Group, fromFirst ? "0" : "$", "MKSTREAM")
                .ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // The group was created since the check.
        }
    }

    /// <summary>
    /// The number of entries that count as read at the start, and the last of them. -1: unknown until the end of the stream is reached.
    /// </summary>
    private static RedisValue[] Count(StreamInfo info, GroupInfo group)
    {
        var read = info.Length == 0 || group.LastDelivered >= info.LastGenerated ? info.Added
            : group.LastDelivered < info.First ? info.Added - info.Length
            : group.Lag is { } lag ? info.Added - lag
            : -1;
        return ["read", read, "last", group.LastDelivered.ToString(), "added", info.Added];
    }

    private RedisBatch BatchOf(RedisResult[] entries)
    {
        if (entries.Length == 0) return RedisBatch.Empty;
        var messages = new List<RedisMessage>(entries.Length);
        foreach (var entry in entries)
        {
            var parts = (RedisResult[])entry!;
            var place = (string)parts[0]!;
            var value = text.Read((RedisResult[])parts[1]!, out var refusal);
            var id = StreamId.Parse(place);
            Timestamp? time = null;
            if (id.TrySequence(options.Reading.PerMessage, out var number))
            {
                time = new Timestamp((long)id.Milliseconds * (Timestamp.Second / 1_000));
            }
            else
            {
                number = Identity.None;
                refusal = new Rejection(RejectReason.BadSequence, "id", place)
                {
                    Hint = "Ids have milliseconds before the year 2262 and a counter below "
                        + $"{StreamId.PerMillisecond / options.Reading.PerMessage}.",
                };
            }

            messages.Add(new RedisMessage(place, new InboundMessage(source, epoch, number, value) { Time = time, Rejection = refusal }));
        }

        return new RedisBatch(messages, EntryText.Print((RedisResult[])((RedisResult[])entries[^1]!)[1]!));
    }
}
