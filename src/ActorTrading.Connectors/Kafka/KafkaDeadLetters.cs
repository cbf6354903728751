using System.Globalization;
using System.Text;
using ActorTrading.Connectors.Messages;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka;

/// <summary>
/// Sends poison messages to a topic, with where they came from and what is wrong in their headers. Tries until the brokers have them,
/// tells of each failure, and makes another producer after it. The first one is made for the first letter.
/// </summary>
internal sealed class KafkaDeadLetters(KafkaInOptions options, string topic, ConnectorMeter meter, TimeProvider time) : IAsyncDisposable
{
    private const int CutLength = 1_024;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1); // one batch after another: a producer is disposed of when nothing of it is under way
    private readonly CancellationTokenSource ending = new();

    // Of the batch whose turn it is.
    private IProducer<byte[]?, byte[]>? producer;
    private string? failing; // why letters wait; null where none do
    private bool isDisposed;

    /// <summary>Sends those of a batch that are poison; completes when the brokers have them.</summary>
    /// <exception cref="ConnectorException">They will not have them, and the connector ends. The messages are to be read again.</exception>
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

    /// <summary>The connector ends: what fails now is not tried again.</summary>
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
            failing = $"the topic {topic} takes no dead letters: {failures.First(static one => one is not null)!.Reason}";
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
        if (producer is { } before) await Task.Run(before.Dispose).ConfigureAwait(false); // it waits for its threads
        producer = null;
    }

    /// <summary>Sends one; null once the brokers have it, else why not.</summary>
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
            // The headers make it larger than its topic let it be. Where it stands is in them.
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
            EnableIdempotence = true, LingerMs = 1, MessageTimeoutMs = (int)options.LetterPatience.TotalMilliseconds,
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
