namespace ActorTrading.Connectors.Kafka.Out;

/// <summary>The headers of the messages that are sent, all of them text.</summary>
internal static class KafkaHeaders
{
    /// <summary>Which result it is: equal ids are one result, sent more than once.</summary>
    public const string Id = "id";

    /// <summary>Its place among the results.</summary>
    public const string Position = "position";

    /// <summary>The place up to which the topic had all results when this one was sent.</summary>
    public const string Delivered = "delivered";

    /// <summary>When it happened, in exchange time; of rejects none.</summary>
    public const string Time = "time";

    /// <summary>The name of the connector that sent it.</summary>
    public const string Connector = "connector";
}
