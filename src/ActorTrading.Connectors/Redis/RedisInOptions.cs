using ActorTrading.Connectors.Messages;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Redis;

/// <summary>Options of a connector that reads from Redis.</summary>
internal sealed record RedisInOptions(string Name) : ConnectorOptions(Name, "redis", ConnectorDirection.In)
{
    private const string KeyMark = "{key}";

    /// <summary>The server.</summary>
    public required RedisServer Server { get; init; }

    /// <summary>Streams to read.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>Lists from which elements are taken.</summary>
    public IReadOnlyList<string> Lists { get; init; } = [];

    /// <summary>The consumer group; also part of the names of the connector's keys.</summary>
    public string Group { get; init; } = "actortrading";

    /// <summary>The source of records; <c>{key}</c> is replaced by their key.</summary>
    public string SourcePattern { get; init; } = $"redis/{KeyMark}";

    /// <summary>The field of an entry that contains the message; null if the fields are the message.</summary>
    public string? MessageField { get; init; }

    /// <summary>Whether a new group starts with the first entry of its stream; otherwise with new entries.</summary>
    public bool FromFirst { get; init; } = true;

    /// <summary>Whether elements are pushed to the left end of lists, and so taken from the right end.</summary>
    public bool IsPushedLeft { get; init; }

    /// <summary>Maximum number of messages per read.</summary>
    public int Batch { get; init; } = 500;

    /// <summary>Approximate maximum number of dead letters per key.</summary>
    public long MaxDeadLetters { get; init; } = 100_000;

    /// <summary>Time until another node may read a key whose reader has vanished.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Options for parsing messages.</summary>
    public MessageReading Reading { get; init; } = new();

    /// <summary>The source of the records of a key.</summary>
    public Source SourceOf(string key) => Source.Parse(SourcePattern.Replace(KeyMark, key, StringComparison.Ordinal));

    /// <summary>Reads the options from settings; null if there are errors.</summary>
    public static RedisInOptions? Read(ConnectorSection section)
    {
        var standard = new RedisInOptions(section.Name) { Server = RedisServer.Read(section) };
        var options = standard with
        {
            Streams = section.List("streams", static key => key) ?? [],
            Lists = section.List("lists", static key => key) ?? [],
            Group = section.Text("group") ?? standard.Group,
            SourcePattern = section.Text("source") ?? standard.SourcePattern,
            MessageField = section.Text("message_field"),
            FromFirst = section.Choice("from", "first", "now") != "now",
            IsPushedLeft = section.Choice("pushed_by", "rpush", "lpush") == "lpush",
            Batch = (int)section.Number("batch", standard.Batch, least: 1, most: 5_000),
            MaxDeadLetters = section.Number("max_dead_letters", standard.MaxDeadLetters, least: 1, most: int.MaxValue),
            Lease = TimeSpan.FromMilliseconds(
                section.Number("lease_ms", (long)standard.Lease.TotalMilliseconds, least: 500, most: 600_000)),
            Reading = MessageReadingSettings.Read(section),
        };
        string[] keys = [.. options.Streams, .. options.Lists];
        if (keys.Length == 0 && !section.HasErrors)
            section.AddError("streams", "is missing, and so is lists: set one of them to the keys to read");
        if (keys.Distinct(StringComparer.Ordinal).Count() < keys.Length) section.AddError("streams", "a key occurs twice");
        if (!options.SourcePattern.Contains(KeyMark, StringComparison.Ordinal) && keys.Length > 1)
            section.AddError("source", $"it needs {KeyMark}, because each of several keys is a separate source");
        foreach (var key in keys)
        {
            var name = options.SourcePattern.Replace(KeyMark, key, StringComparison.Ordinal);
            if (!Source.TryParse(name, out _)) section.AddError("source", $"'{name}' is not a source name");
        }

        return section.HasErrors ? null : options;
    }

    /// <inheritdoc/>
    public override IConnector Create(ConnectorServices services) => new RedisInConnector(this, services);
}
