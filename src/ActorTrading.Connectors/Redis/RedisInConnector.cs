namespace ActorTrading.Connectors.Redis;

/// <summary>Reads streams and lists of a Redis server, each in a graph of its own.</summary>
internal sealed class RedisInConnector : IConnector
{
    private readonly RedisLink link;
    private readonly ConnectorMeter meter;
    private readonly List<RedisInFlow> flows = [];
    private readonly Lock gate = new();

    public RedisInConnector(RedisInOptions options, ConnectorServices services)
    {
        link = new RedisLink(options.Server, options.Name);
        meter = new ConnectorMeter(options.Name, options.Kind, options.Direction, services);
        var stem = $"{options.Name}.redis";
        var consumer = ConsumerOf(Path.Combine(services.Folder, $"{stem}.consumer"));
        foreach (var key in options.Streams)
            Add(new RedisStreamReader(key, consumer, options, new ReaderMemory(services.Folder, stem, key), services.Logger));
        foreach (var key in options.Lists)
            Add(new RedisListReader(key, consumer, options, new ReaderMemory(services.Folder, stem, key), services.Logger));

        void Add(IRedisReader reader) => flows.Add(new RedisInFlow(reader, link, options, services, meter) { Changed = Report });
    }

    /// <inheritdoc/>
    public ConnectorStatus Status => meter.Status;

    /// <inheritdoc/>
    public void Start()
    {
        foreach (var flow in flows) flow.Start();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(flows.Select(flow => flow.StopAsync())).ConfigureAwait(false);
        await link.DisposeAsync().ConfigureAwait(false);
        meter.Stopped();
    }

    /// <summary>Reports the phase: connected if all flows are connected or on standby.</summary>
    private void Report()
    {
        lock (gate)
        {
            meter.LagIs(flows.Any(flow => flow.Lag is null) ? null : flows.Sum(flow => flow.Lag));
            if (flows.Any(flow => flow.Phase == ConnectorPhase.Connecting)) return;
            if (flows.All(flow => flow.Phase == ConnectorPhase.Standby)) meter.StandsBy();
            else meter.Connected(link.Peer);
        }
    }

    /// <summary>A unique consumer name that does not change after a restart.</summary>
    private static string ConsumerOf(string path) =>
        KeptName.In(path, static () => $"{Environment.MachineName}-{Guid.NewGuid():N}".ToLowerInvariant());
}
