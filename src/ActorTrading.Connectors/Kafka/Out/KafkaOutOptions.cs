using System.Text.RegularExpressions;
using ActorTrading.Connectors.Outbound;
using ActorTrading.Connectors.Settings;
using Confluent.Kafka;

namespace ActorTrading.Connectors.Kafka.Out;

/// <summary>Options of a connector that sends results to a Kafka topic. See docs/kafka.md.</summary>
internal sealed partial record KafkaOutOptions(string Name) : ConnectorOptions(Name, "kafka", ConnectorDirection.Out)
{
    /// <summary>The connection to the brokers.</summary>
    public required KafkaConnection Connection { get; init; }

    /// <summary>The results to send.</summary>
    public required ResultOptions Results { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Compression of message batches.</summary>
    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>Reads the options; null if the section has errors.</summary>
    public static KafkaOutOptions? Read(ConnectorSection section)
    {
        var connection = KafkaConnection.Read(section);
        var results = ResultSettings.Read(section);
        var topic = section.Value("topic", static text =>
            TopicPattern().IsMatch(text)
                ? text
                : throw new FormatException($"'{text}' is not a topic; it is 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'"));
        var compression = section.Choice("compression", [.. Enum.GetNames<CompressionType>().Select(static one => one.ToLowerInvariant())]);
        return section.HasErrors
            ? null
            : new KafkaOutOptions(section.Name)
            {
                Connection = connection, Results = results, Topic = topic ?? DefaultTopicOf(results.Kind),
                Compression = compression is null ? CompressionType.None : Enum.Parse<CompressionType>(compression, ignoreCase: true),
            };
    }

    /// <inheritdoc/>
    public override IConnector Create(ConnectorServices services) =>
        new ResultConnector(Name, Kind, services, Results, meter => new KafkaTarget(this, meter));

    private static string DefaultTopicOf(ResultKind kind) =>
        kind == ResultKind.Values ? "indicator_results" : kind.ToString().ToLowerInvariant();

    [GeneratedRegex("^[a-zA-Z0-9._-]{1,249}$")]
    private static partial Regex TopicPattern();
}
