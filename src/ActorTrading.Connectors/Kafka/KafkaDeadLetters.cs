using System.Globalization;
using System.Text;
using ActorTrading.Connectors.Messages;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka;

/// <summary>
/// Sends poison messages to a dead-letter topic, with their origin and the error in the headers. Retries until the brokers have stored
/// them, reports each failure, and creates a new producer after it. The first producer is created for the first message.
/// </summary>
internal sealed class KafkaDeadLetters(KafkaInOptions options, string topic, ConnectorMeter meter, TimeProvider time) : IAsyncDisposable
{
    private const int CutLength = 1_024;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1); // one batch at a time: a producer is disposed when nothing of it is in flight
    private readonly CancellationTokenSource ending = new();

    // State of the current batch.
    private IProducer<byte[]?, byte[]>? producer;
    private string? failing; // the reason why messages wait; null if none do
    private bool isDisposed;

    /// <summary>Sends the poison messages of a batch; completes when the brokers have stored them.</summary>
    /// <exception cref="ConnectorException">The brokers reject them permanently, and the connector stops. The messages must be read
    /// again.</exception>
    public async Task SendAsync(KafkaBatch batch, MessageOutcome[] outcomes)
    {
        var letters = new List<Message<byte[]?, byte[]>>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Unreadable is not null) letters.Add(LetterOf(batch, i, outcomes[i]));
        }

        if (letters.Count == 0) return;
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await SendAllAsync(letters).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Stops: failures from now on are not retried.</summary>
    public void End() => ending.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        isDisposed = true;
        await RenewAsync().ConfigureAwait(false);
        turn.Release();
    }

    private async Task SendAllAsync(List<Message<byte[]?, byte[]>> letters)
    {
        if (isDisposed || (failing is not null && ending.IsCancellationRequested)) throw new ConnectorException(failing ?? "It has ended.");
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var failures = await Task.WhenAll(letters.Select(SendAsync).ToList()).ConfigureAwait(false);
            letters = [.. letters.Where((_, i) => failures[i] is not null)];
            if (letters.Count == 0) break;
            failing = $"the topic {topic} accepts no dead letters: {failures.First(static one => one is not null)!.Reason}";
            meter.Failed(failing);
            await RenewAsync().ConfigureAwait(false);
            await Task.Delay(wait, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ending.IsCancellationRequested) throw new ConnectorException(failing);
        }

        if (failing is not null) meter.Connected(options.Connection.Brokers);
        failing = null;
    }

    private async Task RenewAsync()
    {
        if (producer is { } before) await Task.Run(before.Dispose).ConfigureAwait(false); // it blocks until its threads end
        producer = null;
    }

    /// <summary>Sends one message. Returns null when the brokers have stored it, otherwise the error.</summary>
    private async Task<Error?> SendAsync(Message<byte[]?, byte[]> letter)
    {
        producer ??= Build();
        try
        {
            await producer.ProduceAsync(topic, letter).ConfigureAwait(false);
            return null;
        }
        catch (ProduceException<byte[]?, byte[]> exception) when (IsToBeCut(exception.Error, letter))
        {
            // With the headers it exceeds the topic's limit. The headers contain its origin.
            letter.Headers.Add("actortrading-cut", Encoding.UTF8.GetBytes(letter.Value.Length.ToString(CultureInfo.InvariantCulture)));
            letter.Value = letter.Value[..CutLength];
            return await SendAsync(letter).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            return exception.Error;
        }
    }

    private static bool IsToBeCut(Error error, Message<byte[]?, byte[]> letter) =>
        error.Code == ErrorCode.MsgSizeTooLarge && letter.Value.Length > CutLength;

    private IProducer<byte[]?, byte[]> Build()
    {
        var config = new ProducerConfig(options.Connection.Configure())
        {
            EnableIdempotence = true, LingerMs = 1, MessageTimeoutMs = (int)options.LetterTimeout.TotalMilliseconds,
        };
        config.Set("topic.metadata.propagation.max.ms", config.MessageTimeoutMs.Value.ToString(CultureInfo.InvariantCulture));
        return new ProducerBuilder<byte[]?, byte[]>(config)
            .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
    }

    private static Message<byte[]?, byte[]> LetterOf(KafkaBatch batch, int index, MessageOutcome outcome) => new()
    {
        Key = batch.KeyOf(index), Value = batch.ValueOf(index).ToArray(), Headers = HeadersOf(batch.PlaceOf(index), outcome),
    };

    private static Headers HeadersOf(TopicPartitionOffset place, MessageOutcome outcome)
    {
        var fault = outcome.Unreadable!;
        var headers = new Headers();
        Add("topic", place.Topic);
        Add("partition", place.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Add("offset", place.Offset.Value.ToString(CultureInfo.InvariantCulture));
        Add("reason", Domain.Admission.RejectReasons.Name(fault.Reason));
        Add("field", fault.Field);
        Add("value", fault.Value);
        Add("advice", fault.Advice);
        Add("records", outcome.Records.ToString(CultureInfo.InvariantCulture));
        Add("rejected", outcome.Rejections.Count.ToString(CultureInfo.InvariantCulture));
        return headers;

        void Add(string name, string text) => headers.Add($"actortrading-{name}", Encoding.UTF8.GetBytes(text));
    }
}
