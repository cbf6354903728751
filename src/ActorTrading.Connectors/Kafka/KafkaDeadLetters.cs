using System.Globalization;
using System.Text;
using ActorTrading.Connectors.Messages;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka;

/// <summary>
/// Sends poison messages to a topic, with where they came from and what is wrong in their headers. Opened when the first
/// one comes.
/// </summary>
internal sealed class KafkaDeadLetters(KafkaConnection connection, string topic) : IDisposable
{
    private const int CutLength = 1_024;

    private readonly Lazy<IProducer<byte[]?, byte[]>> producer = new(() =>
        new ProducerBuilder<byte[]?, byte[]>(new ProducerConfig(connection.Configure()) { EnableIdempotence = true, LingerMs = 1 })
            .SetLogHandler(static (_, _) => { }).Build());

    /// <summary>How many were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Sends those of a batch that are poison; completes when the brokers have them.</summary>
    /// <exception cref="ProduceException{TKey, TValue}">They will not have them. The messages are to be read again.</exception>
    public async Task SendAsync(KafkaBatch batch, MessageOutcome[] outcomes)
    {
        var sending = new List<Task>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Unreadable is not null) sending.Add(SendAsync(batch, i, outcomes[i]));
        }

        await Task.WhenAll(sending).ConfigureAwait(false);
        Sent += sending.Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (producer.IsValueCreated) producer.Value.Dispose();
    }

    private async Task SendAsync(KafkaBatch batch, int index, MessageOutcome outcome)
    {
        var message = new Message<byte[]?, byte[]>
        {
            Key = batch.KeyOf(index), Value = batch.ValueOf(index).ToArray(), Headers = HeadersOf(batch.PlaceOf(index), outcome),
        };
        try
        {
            await producer.Value.ProduceAsync(topic, message).ConfigureAwait(false);
        }
        catch (ProduceException<byte[]?, byte[]> exception) when (exception.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            // The headers make it larger than its topic let it be. Where it stands is in them.
            message.Headers.Add("actortrading-cut", Encoding.UTF8.GetBytes(message.Value.Length.ToString(CultureInfo.InvariantCulture)));
            message.Value = message.Value[..Math.Min(CutLength, message.Value.Length)];
            await producer.Value.ProduceAsync(topic, message).ConfigureAwait(false);
        }
    }

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
