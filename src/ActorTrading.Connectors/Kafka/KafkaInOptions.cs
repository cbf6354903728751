using ActorTrading.Connectors.Messages;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Kafka;

/// <summary>Options of a connector that reads Kafka topics with a consumer group. See docs/kafka.md.</summary>
public sealed record KafkaInOptions : ConnectorOptions
{
    /// <summary>The name of the kind in settings.</summary>
    public const string KindName = "kafka";

    private KafkaInOptions(string name)
        : base(name, KindName, ConnectorDirection.In)
    {
    }

    /// <summary>The connection to the brokers.</summary>
    public required KafkaConnection Connection { get; init; }

    /// <summary>The topics; one that begins with ^ is a pattern.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The consumer group. Nodes of one cluster share it.</summary>
    public required string Group { get; init; }

    /// <summary>Options for parsing messages.</summary>
    public required MessageReading Reading { get; init; }

    /// <summary>The prefix of source names before the partition; null: the topic.</summary>
    public string? Label { get; init; }

    /// <summary>The epoch of all records.</summary>
    public long Epoch { get; init; }

    /// <summary>
    /// Whether the topic id is part of the sources, so that a topic that was deleted and created again has other sources.
    /// </summary>
    public bool UsesTopicIds { get; init; } = true;

    /// <summary>Whether partitions without a committed offset start with new messages; otherwise with the first message.</summary>
    public bool FromNow { get; init; }

    /// <summary>
    /// Whether a rebalance moves only the affected partitions (cooperative); otherwise all partitions are released first.
    /// </summary>
    public bool IsCooperative { get; init; } = true;

    /// <summary>Maximum number of messages in flight that are not durable yet; beyond it, partitions are paused.</summary>
    public int InFlight { get; init; } = 65_536;

    /// <summary>Maximum number of messages per batch.</summary>
    public int BatchMessages { get; init; } = 2_048;

    /// <summary>The dead-letter topic; null: the quarantine only.</summary>
    public string? DeadLetters { get; init; }

    /// <summary>Maximum delay between an acknowledgement and the commit of its offset.</summary>
    public TimeSpan CommitEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Interval of the check whether topics are still the same.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Maximum time that a rebalance or a stop waits for messages in flight.</summary>
    public TimeSpan SettleTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Timeout of sending a dead letter before a retry; shorter than <see cref="SettleTimeout"/>.</summary>
    public TimeSpan LetterTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Reads the options from the section; null if it has errors.</summary>
    public static KafkaInOptions? Read(ConnectorSection section)
    {
        var topics = section.List("topics", static text => text) ?? [];
        if (topics.Count == 0) section.AddError("topics", "is missing; it is a list of topics");
        var options = new KafkaInOptions(section.Name)
        {
            Connection = KafkaConnection.Read(section),
            Topics = topics,
            Group = section.Text("group") ?? "actortrading",
            Reading = MessageReadingSettings.Read(section),
            Label = section.Text("source"),
            Epoch = section.Number("epoch", otherwise: 0, least: 0, most: long.MaxValue),
            UsesTopicIds = section.Flag("topic_ids", otherwise: true),
            FromNow = section.Choice("from", "first", "now") == "now",
            IsCooperative = section.Choice("rebalance", "cooperative", "eager") != "eager",
            InFlight = (int)section.Number("in_flight", otherwise: 65_536, least: 1, most: 1 << 24),
            DeadLetters = section.Text("dead_letters"),
        };
        if (options.Label is not null && (topics.Count != 1 || topics[0].StartsWith('^')))
            section.AddError("source", "needs exactly one topic and no pattern: partitions of two topics would share a source");
        if (options.Label is { } label && !Source.TryParse(label, out _)) section.AddError("source", $"'{label}' is not a source name");
        return section.HasErrors ? null : options;
    }

    /// <inheritdoc/>
    public override IConnector Create(ConnectorServices services) => new KafkaInConnector(this, services);
}
