namespace ActorTrading.Connectors.Redis;

/// <summary>
/// The auxiliary keys that a connector stores for a key that it reads. They have the hash tag of that key, so that in a Redis Cluster one
/// script can change all of them.
/// </summary>
internal sealed class RedisKeys(string key, string group)
{
    private readonly string stem = $"{Tagged(key)}:{group}";

    /// <summary>The current reader of the key: a string that expires.</summary>
    public string Lease => $"{stem}:lease";

    /// <summary>The position up to which it was read and is durable: a hash.</summary>
    public string State => $"{stem}:state";

    /// <summary>The elements of a list that were taken and are not durable yet: a list.</summary>
    public string Processing => $"{stem}:processing";

    /// <summary>The dead letters: a stream.</summary>
    public string Dead => $"{stem}:dead";

    /// <summary>A key with a hash tag.</summary>
    internal static string Tagged(string key) => key.Contains('{', StringComparison.Ordinal) ? key : $"{{{key}}}";
}
