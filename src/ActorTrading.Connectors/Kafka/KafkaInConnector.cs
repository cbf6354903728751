using ActorTrading.Connectors.Messages;
using ActorTrading.Engine;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka;

/// <summary>
/// Reads the messages of topics: read, submit, wait until durable, send poison messages to the dead-letter topic, acknowledge. The offset
/// of a message is committed after all that. After a failure the graph restarts after the last committed offset.
/// </summary>
internal sealed class KafkaInConnector : IConnector
{
    private const int BatchesUnderWay = 256; // the reader bounds the number of messages

    private readonly KafkaInOptions options;
    private readonly ConnectorServices services;
    private readonly ConnectorMeter meter;
    private readonly IMaterializer materializer;
    private readonly KafkaDeadLetters? letters;
    private readonly Dictionary<TopicPartition, string?> taken = []; // used by the current reader's thread
    private readonly Lock gate = new();
    private KafkaReader? present; // guarded by the gate
    private bool isStopping; // guarded by the gate
    private (UniqueKillSwitch Switch, Task Ended)? running;
    private Task? disposal;

    public KafkaInConnector(KafkaInOptions options, ConnectorServices services)
    {
        (this.options, this.services) = (options, services);
        meter = new ConnectorMeter(options.Name, options.Kind, options.Direction, services);
        materializer = services.System.Materializer();
        letters = options.DeadLetters is { } topic ? new KafkaDeadLetters(options, topic, meter, services.Time) : null;
    }

    /// <inheritdoc/>
    public ConnectorStatus Status => meter.Status;

    /// <summary>The first and the maximum delay after a failure.</summary>
    internal (TimeSpan First, TimeSpan Longest) Backoff { get; init; } = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

    /// <inheritdoc/>
    public void Start()
    {
        var settings = RestartSettings.Create(Backoff.First, Backoff.Longest, randomFactor: 0.2);
        running = RestartSource.OnFailuresWithBackoff(Graph, settings)
            .ViaMaterialized(KillSwitches.Single<NotUsed>(), Keep.Right)
            .ToMaterialized(Sink.Ignore<NotUsed>(), Keep.Both)
            .Run(materializer) is var (killSwitch, ended) ? (killSwitch, ended) : null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (gate) disposal ??= StopAsync();
        return new ValueTask(disposal);
    }

    private async Task StopAsync()
    {
        KafkaReader? reader;
        lock (gate) (isStopping, reader) = (true, present);
        letters?.End();
        if (running is var (killSwitch, ended))
        {
            // The end of the reader ends the graph after all messages read. Without a reader the graph is waiting for a restart.
            if (reader is not null)
            {
                reader.Stop();
                await Task.WhenAny(ended, Task.Delay(options.SettleTimeout, services.Time)).ConfigureAwait(false);
                if (!ended.IsCompleted) reader.Fail(new TimeoutException("messages were still in flight at the time limit of the stop"));
            }

            killSwitch.Shutdown();
            await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (reader is not null) await reader.CloseAsync().ConfigureAwait(false);
        }

        if (letters is not null) await letters.DisposeAsync().ConfigureAwait(false);
        meter.Stopped();
    }

    private Source<NotUsed, NotUsed> Graph()
    {
        var ingest = new MessageIngest(services.IngestPipeline, options.Reading, options.Kind, options.Connection.Brokers);
        KafkaReader? reader = null;
        return Source.UnfoldResourceAsync(
                async () => reader = await BeginAsync().ConfigureAwait(false),
                static reader => reader.ReadAsync(),
                async reader =>
                {
                    await EndAsync(reader).ConfigureAwait(false);
                    return Done.Instance;
                })
            .SelectAsync(1, batch => HandOverAsync(ingest, batch))
            .SelectAsync(BatchesUnderWay, SettleAsync)
            .Select(batch =>
            {
                reader!.Acknowledge(batch);
                return NotUsed.Instance;
            })
            .SelectError(exception =>
            {
                reader?.Fail(exception);
                meter.Failed(exception.GetBaseException().Message);
                return exception;
            })
            .MapMaterializedValue(static _ => NotUsed.Instance);
    }

    /// <summary>
    /// Starts to read after the previous reader has left the group: two members in one process would only move partitions.
    /// </summary>
    private async Task<KafkaReader> BeginAsync()
    {
        if (present is { } before) await before.CloseAsync().ConfigureAwait(false);
        lock (gate)
        {
            var reader = KafkaReader.Start(options, meter, services, taken);
            if (isStopping) reader.Stop();
            return present = reader;
        }
    }

    private async Task EndAsync(KafkaReader reader)
    {
        await reader.CloseAsync().ConfigureAwait(false);
        lock (gate)
        {
            if (present == reader) present = null;
        }
    }

    /// <summary>Waits until the batch is admitted.</summary>
    private static async Task<Entered> HandOverAsync(MessageIngest ingest, KafkaBatch batch) =>
        new(batch, (await ingest.SubmitAsync(batch).ConfigureAwait(false)).Durable);

    /// <summary>Waits until the batch is durable and its poison messages are in their topic.</summary>
    /// <exception cref="EngineStoppedException">The engine accepts no more records.</exception>
    private async Task<KafkaBatch> SettleAsync(Entered entered)
    {
        var (batch, outcomes) = (entered.Batch, await entered.Outcomes.ConfigureAwait(false));
        if (letters is not null) await letters.SendAsync(batch, outcomes).ConfigureAwait(false);
        var refused = 0;
        foreach (var outcome in outcomes) refused += outcome.Rejections.Count > 0 ? 1 : 0;
        meter.Handled(batch.Count, refused);
        if (batch.Skipped > 0) meter.Skipped(batch.Skipped);
        return batch;
    }

    private readonly record struct Entered(KafkaBatch Batch, Task<MessageOutcome[]> Outcomes);
}
