using ActorTrading.Connectors;
using ActorTrading.Connectors.Messages;
using ActorTrading.Connectors.Settings;

namespace ActorTrading.Host.Tests.Connecting;

/// <summary>A connector controlled by a test: it has the node's services.</summary>
internal sealed class ScriptedConnector(ScriptedConnectorOptions options, ConnectorServices services) : IConnector
{
    public ConnectorServices Services { get; } = services;

    public ConnectorMeter Meter { get; } = new(options.Name, options.Kind, options.Direction, services);

    public MessageIngest Ingest { get; } = new(services.IngestPipeline, new MessageReading(), options.Kind, "scripted");

    public ConnectorStatus Status => Meter.Status with { Events = new Dictionary<string, long> { ["gaps"] = 1 } };

    public bool IsStarted { get; private set; }

    public int Disposals { get; private set; }

    /// <summary>Completes when the connector is disposed for the first time.</summary>
    public Func<Task> Ends { get; set; } = () => Task.CompletedTask;

    public void Start()
    {
        IsStarted = true;
        Meter.LagIs(options.Lag);
        options.Started = this;
    }

    public async ValueTask DisposeAsync()
    {
        if (Disposals++ > 0) return;
        await Ends();
        Meter.Stopped();
    }
}

internal sealed record ScriptedConnectorOptions(string Name, ConnectorDirection Way = ConnectorDirection.In)
    : ConnectorOptions(Name, "scripted", Way)
{
    public long? Lag { get; init; }

    /// <summary>The connector that was created and started last.</summary>
    public ScriptedConnector? Started { get; set; }

    public override IConnector Create(ConnectorServices services) => new ScriptedConnector(this, services);
}
