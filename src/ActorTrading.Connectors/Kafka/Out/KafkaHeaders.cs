namespace ActorTrading.Connectors.Kafka.Out;

/// <summary>Names of the headers of sent messages. All values are text.</summary>
internal static class KafkaHeaders
{
    /// <summary>The id of the result; messages with equal ids are repetitions of one result.</summary>
    public const string Id = "id";

    /// <summary>The position of the result.</summary>
    public const string Position = "position";

    /// <summary>The position up to which the topic had all results when this one was sent.</summary>
    public const string Delivered = "delivered";

    /// <summary>Exchange time; rejections have none.</summary>
    public const string Time = "time";

    /// <summary>The name of the connector that sent it.</summary>
    public const string Connector = "connector";
}
