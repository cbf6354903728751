using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Kafka;

/// <summary>
/// Names the source of a partition: <c>prices/3@5f3a9c01</c>. The part after the @ is derived from the topic's id. A topic that was deleted
/// and created again has another id and so another source, on every node, without stored state.
/// </summary>
internal static class KafkaSources
{
    private const int HashLength = 8;

    /// <summary>The source. A label that is too long is truncated and made unique by a hash.</summary>
    /// <param name="identity">The topic's id; null if unknown or not used.</param>
    public static Source Of(string label, int partition, string? identity)
    {
        var end = identity is null ? $"/{partition}" : $"/{partition}@{identity}";
        var room = Source.MaxLength - end.Length;
        if (label.Length > room) label = $"{label[..(room - HashLength - 1)]}~{HashOf(label)}";
        return Source.Parse(label + end);
    }

    /// <summary>The id of a topic in eight characters; null if the brokers do not support topic ids.</summary>
    public static string? IdentityOf(Confluent.Kafka.Uuid? id) => id is null || (id.MostSignificantBits | id.LeastSignificantBits) == 0
        ? null
        : unchecked((uint)(id.LeastSignificantBits ^ (id.MostSignificantBits >> 32))).ToString("x8", CultureInfo.InvariantCulture);

    private static string HashOf(string label) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label)))[..HashLength];
}
