using ActorTrading.Connectors.Messages;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Kafka;

/// <summary>Topics of Kafka whose messages come in, read by a consumer group. Described in docs/kafka.md.</summary>
public sealed record KafkaInOptions : ConnectorOptions
{
    /// <summary>What the settings call it.</summary>
    public const string KindName = "kafka";

    private KafkaInOptions(string name)
        : base(name, KindName, ConnectorDirection.In)
    {
    }

    /// <summary>How the brokers are reached.</summary>
    public required KafkaConnection Connection { get; init; }

    /// <summary>The topics; one that begins with ^ is a pattern.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The consumer group. Nodes of one cluster share it.</summary>
    public required string Group { get; init; }

    /// <summary>How messages are read.</summary>
    public required MessageReading Reading { get; init; }

    /// <summary>What the sources are called before the partition; null: as the topic.</summary>
    public string? Label { get; init; }

    /// <summary>The epoch of all records.</summary>
    public long Epoch { get; init; }

    /// <summary>Whether the identity of a topic is a part of its sources, so that a topic made anew is told from the one before.</summary>
    public bool UsesTopicIds { get; init; } = true;

    /// <summary>Whether partitions without a committed offset begin with what is to come, and not with the first message.</summary>
    public bool FromNow { get; init; }

    /// <summary>Whether partitions move one by one in a rebalance; otherwise all of them are given up first.</summary>
    public bool IsCooperative { get; init; } = true;

    /// <summary>Messages that may be under way and not durable yet; beyond that, partitions are paused.</summary>
    public int InFlight { get; init; } = 65_536;

    /// <summary>Messages that are handed over together, at most.</summary>
    public int BatchMessages { get; init; } = 2_048;

    /// <summary>Where poison messages go; null: only to the quarantine.</summary>
    public string? DeadLetters { get; init; }

    /// <summary>How long after an acknowledgement its offset is committed, at most.</summary>
    public TimeSpan CommitEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is asked whether topics are still the same.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a rebalance and the end wait for messages under way.</summary>
    public TimeSpan SettlePatience { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long brokers have to take a dead letter before it is tried again; shorter than <see cref="SettlePatience"/>.</summary>
    public TimeSpan LetterPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Reads it from its section; null where that has errors.</summary>
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
            section.AddError("source", "needs exactly one topic, and no pattern: partitions of two topics would be one source");
        if (options.Label is { } label && !Source.TryParse(label, out _)) section.AddError("source", $"'{label}' is no source name");
        return section.HasErrors ? null : options;
    }

    /// <inheritdoc/>
    public override IConnector Create(ConnectorServices services) => new KafkaInConnector(this, services);
}
