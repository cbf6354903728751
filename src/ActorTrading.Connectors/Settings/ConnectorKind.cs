using ActorTrading.Connectors.Exchanges;
using ActorTrading.Connectors.Kafka;
using ActorTrading.Connectors.Kafka.Out;
using ActorTrading.Connectors.Redis;

namespace ActorTrading.Connectors.Settings;

/// <summary>A kind of connector in one direction. Its reader returns null if the section has errors.</summary>
public sealed record ConnectorKind(string Name, ConnectorDirection Direction, Func<ConnectorSection, ConnectorOptions?> Read)
{
    /// <summary>All kinds; a new kind needs one line here.</summary>
    public static IReadOnlyList<ConnectorKind> All { get; } =
    [
        new(KafkaInOptions.KindName, ConnectorDirection.In, KafkaInOptions.Read),
        new("kafka", ConnectorDirection.Out, KafkaOutOptions.Read),
        new("redis", ConnectorDirection.In, RedisInOptions.Read),
        new("redis", ConnectorDirection.Out, RedisOutOptions.Read),
        .. ExchangeSettings.Kinds,
    ];
}
