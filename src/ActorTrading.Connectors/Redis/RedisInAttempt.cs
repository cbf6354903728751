using ActorTrading.Connectors.Messages;
using Akka;
using Akka.Util;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Redis;

/// <summary>One run of a key's graph, with its stages.</summary>
internal sealed class RedisInAttempt
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    private readonly IRedisReader reader;
    private readonly RedisLink link;
    private readonly RedisInOptions options;
    private readonly ConnectorServices services;
    private readonly ConnectorMeter meter;
    private readonly MessageIngest ingest;
    private readonly CancellationTokenSource ending = new();
    private Task watching = Task.CompletedTask;
    private Task reading = Task.CompletedTask;
    private Task settling = Task.CompletedTask;
    private IDatabase? redis;

    public RedisInAttempt(IRedisReader reader, RedisLink link, RedisInOptions options, ConnectorServices services, ConnectorMeter meter)
    {
        (this.reader, this.link, this.options, this.services, this.meter) = (reader, link, options, services, meter);
        ingest = new MessageIngest(services.IngestPipeline, options.Reading, "redis", $"{link.Peer}/{reader.Key}");
    }

    /// <summary>Called when a phase is entered.</summary>
    public required Action<ConnectorPhase> Entered { get; init; }

    /// <summary>Called with the number of waiting messages.</summary>
    public required Action<long?> LagIs { get; init; }

    /// <summary>Returns the next messages, when there are any. The first call waits for the lease and starts the reader.</summary>
    /// <param name="previous">Completes when the previous attempt has ended.</param>
    public Task<Option<(RedisInAttempt, RedisBatch)>> ReadAsync(Task previous, CancellationToken stopping)
    {
        var read = ReadOnceAsync(previous, stopping);
        reading = read;
        return read;
    }

    /// <summary>Submits messages; returns when they are admitted.</summary>
    public async Task<SubmittedBatch> HandOverAsync(RedisBatch batch)
    {
        var messages = new InboundMessage[batch.Messages.Count];
        for (var i = 0; i < messages.Length; i++) messages[i] = batch.Messages[i].Message;
        return new SubmittedBatch(batch, (await ingest.SubmitAsync(messages).ConfigureAwait(false)).Durable);
    }

    /// <summary>Waits until the messages are durable.</summary>
    public static async Task<DurableBatch> WaitAsync(SubmittedBatch submitted) =>
        new(submitted.Batch, await submitted.Outcomes.ConfigureAwait(false));

    /// <summary>Settles the messages in Redis.</summary>
    public Task<Done> SettleAsync(DurableBatch durable)
    {
        var settled = SettleOnceAsync(durable);
        settling = settled;
        return settled;
    }

    /// <summary>
    /// Ends the attempt. Submitted messages are settled, unless the attempt has failed. The reader can be used again afterwards.
    /// </summary>
    public async Task EndAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await watching.ConfigureAwait(false);
        await settling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (redis is null) return;
        try
        {
            await reader.Lease.ReleaseAsync(redis).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            // The lease expires.
        }
    }

    private async Task<Option<(RedisInAttempt, RedisBatch)>> ReadOnceAsync(Task previous, CancellationToken stopping)
    {
        if (redis is null) await OpenAsync(previous, stopping).ConfigureAwait(false);
        for (var wait = ShortestPoll; !ending.IsCancellationRequested; wait = wait * 2 < LongestPoll ? wait * 2 : LongestPoll)
        {
            var before = reader.Missed;
            var batch = await reader.ReadAsync(redis!).ConfigureAwait(false);
            if (reader.Missed - before is var lost and > 0)
                meter.Lost(lost, $"{lost} entries of {reader.Key} were trimmed or deleted before they were settled");
            if (batch.Messages.Count > 0) return (this, batch);
            await Task.Delay(wait, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Option<(RedisInAttempt, RedisBatch)>.None;
    }

    private async Task OpenAsync(Task previous, CancellationToken stopping)
    {
        await previous.ConfigureAwait(false);
        var database = await link.DatabaseAsync(stopping).ConfigureAwait(false);
        var isWaiting = false;
        while (await reader.Lease.TryTakeAsync(database).ConfigureAwait(false) is { } holder)
        {
            if (!isWaiting) services.Logger.ConnectorEvent(options.Name, $"waits: {reader.Key} is read by {holder}");
            isWaiting = true;
            Entered(ConnectorPhase.Standby);
            await Task.Delay(options.Lease / 5, stopping).ConfigureAwait(false);
        }

        redis = database;
        await reader.BeginAsync(database).ConfigureAwait(false);
        Entered(ConnectorPhase.Running);
        watching = WatchAsync(database);
    }

    private async Task<Done> SettleOnceAsync(DurableBatch durable)
    {
        var (batch, outcomes) = durable;
        await reader.SettleAsync(redis!, batch, outcomes).ConfigureAwait(false);
        meter.Handled(outcomes.Length, outcomes.Count(static outcome => outcome.Rejections.Count > 0));
        var dead = outcomes.Count(static outcome => outcome.Unreadable is not null);
        if (dead > 0)
        {
            var first = outcomes.First(static outcome => outcome.Unreadable is not null).Unreadable;
            services.Logger.ConnectorNotice(options.Name, $"{dead} messages of {reader.Key} became dead letters, the first since {first}");
        }

        return Done.Instance;
    }

    /// <summary>Renews the lease, also while the engine is full and nothing is read, and reads the lag.</summary>
    private async Task WatchAsync(IDatabase database)
    {
        var every = options.Lease / 3 < LongestLook ? options.Lease / 3 : LongestLook;
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await reader.Lease.RenewAsync(database).ConfigureAwait(false);
                LagIs(await reader.LagAsync(database).ConfigureAwait(false));
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
            {
                // The stages fail as well.
            }

            await Task.Delay(every, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>A submitted batch and its future outcomes.</summary>
internal sealed record SubmittedBatch(RedisBatch Batch, Task<MessageOutcome[]> Outcomes);

/// <summary>A batch that is durable.</summary>
internal sealed record DurableBatch(RedisBatch Batch, MessageOutcome[] Outcomes);
