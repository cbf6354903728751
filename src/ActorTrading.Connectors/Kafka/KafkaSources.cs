using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Kafka;

/// <summary>
/// Names the source of a partition: <c>prices/3@5f3a9c01</c>, where the part behind the @ is of the topic's identity. A
/// topic made anew has another identity and so another source, on every node alike and without anything kept.
/// </summary>
internal static class KafkaSources
{
    private const int HashLength = 8;

    /// <summary>The source. A label that is too long is cut, and told from others by a hash.</summary>
    /// <param name="identity">The topic's identity; null where it is not known, or not to be used.</param>
    public static Source Of(string label, int partition, string? identity)
    {
        var end = identity is null ? $"/{partition}" : $"/{partition}@{identity}";
        var room = Source.MaxLength - end.Length;
        if (label.Length > room) label = $"{label[..(room - HashLength - 1)]}~{HashOf(label)}";
        return Source.Parse(label + end);
    }

    /// <summary>The identity of a topic in eight characters; null where the brokers tell none.</summary>
    public static string? IdentityOf(Confluent.Kafka.Uuid? id) => id is null || (id.MostSignificantBits | id.LeastSignificantBits) == 0
        ? null
        : unchecked((uint)(id.LeastSignificantBits ^ (id.MostSignificantBits >> 32))).ToString("x8", CultureInfo.InvariantCulture);

    private static string HashOf(string label) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label)))[..HashLength];
}
