namespace ActorTrading.Connectors.Redis;

/// <summary>
/// The keys that a connector keeps beside a key that it reads. They have the hash tag of that key, so that in a Redis Cluster one
/// script can change all of them.
/// </summary>
internal sealed class RedisKeys(string key, string group)
{
    private readonly string stem = $"{Tagged(key)}:{group}";

    /// <summary>Who reads the key now: a string that expires.</summary>
    public string Lease => $"{stem}:lease";

    /// <summary>How far it was read and is durable: a hash.</summary>
    public string State => $"{stem}:state";

    /// <summary>Elements of a list that were taken and are not durable yet: a list.</summary>
    public string Processing => $"{stem}:processing";

    /// <summary>Messages that were refused: a stream.</summary>
    public string Dead => $"{stem}:dead";

    /// <summary>A key as one with a hash tag.</summary>
    internal static string Tagged(string key) => key.Contains('{', StringComparison.Ordinal) ? key : $"{{{key}}}";
}
