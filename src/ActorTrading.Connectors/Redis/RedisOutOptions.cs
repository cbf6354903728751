using ActorTrading.Connectors.Outbound;
using ActorTrading.Connectors.Settings;

namespace ActorTrading.Connectors.Redis;

/// <summary>Options of a connector that sends results to Redis. At least one of stream, channel and latest is set.</summary>
internal sealed record RedisOutOptions(string Name) : ConnectorOptions(Name, "redis", ConnectorDirection.Out)
{
    /// <summary>The server.</summary>
    public required RedisServer Server { get; init; }

    /// <summary>The results to send.</summary>
    public required ResultOptions Results { get; init; }

    /// <summary>The stream to which results are added; null for none.</summary>
    public string? Stream { get; init; }

    /// <summary>Approximate maximum length of the stream; null for no limit.</summary>
    public long? MaxLength { get; init; }

    /// <summary>The channel to which results are published, with <c>{symbol}</c> for their symbol; null for none.</summary>
    public string? Channel { get; init; }

    /// <summary>The prefix of the hashes with the latest results, followed by <c>:SYMBOL</c>; null for none.</summary>
    public string? Latest { get; init; }

    /// <summary>Reads the options from settings; null if there are errors.</summary>
    public static RedisOutOptions? Read(ConnectorSection section)
    {
        var options = new RedisOutOptions(section.Name)
        {
            Server = RedisServer.Read(section),
            Results = ResultSettings.Read(section),
            Stream = section.Text("stream"),
            MaxLength = section.Has("max_length") ? section.Number("max_length", otherwise: 0, least: 1, most: int.MaxValue) : null,
            Channel = section.Text("channel"),
            Latest = section.Text("latest"),
        };
        if (options is { Stream: null, Channel: null, Latest: null } && !section.HasErrors)
            section.AddError("stream", "is missing, and so are channel and latest: set one of them as the target of results");
        if (options is { MaxLength: not null, Stream: null }) section.AddError("max_length", "it needs stream");
        if (options is { Latest: not null, Results.Kind: ResultKind.Rejects }) section.AddError("latest", "rejects have no latest values");
        return section.HasErrors ? null : options;
    }

    /// <inheritdoc/>
    public override IConnector Create(ConnectorServices services)
    {
        var node = Results.Kind == ResultKind.Rejects ? NodeTag.In(services.Folder, Name) : null;
        return new ResultConnector(Name, Kind, services, Results, _ => new RedisResultTarget(this, node));
    }
}
