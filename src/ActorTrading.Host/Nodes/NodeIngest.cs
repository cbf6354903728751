using System.Net;
using System.Net.Sockets;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Host.Nodes;

/// <summary>The input of a node: the pipeline that receives the records of all listeners, and the TCP port.</summary>
internal sealed class NodeIngest(Node node, LimitedLogger logger) : IAsyncDisposable
{
    private IngestPipeline? pipeline;
    private IngestListener? listener;
    private Task publishing = Task.CompletedTask;

    /// <summary>The pipeline; null during recovery.</summary>
    public IngestPipeline? Pipeline => Volatile.Read(ref pipeline);

    /// <summary>The pipeline. Not available during recovery.</summary>
    public IngestPipeline Running => Pipeline ?? throw new EngineStoppedException("The node is recovering.");

    /// <summary>The TCP port; null during recovery and without the role <see cref="Role.Ingest"/>.</summary>
    public IngestListener? Listener => Volatile.Read(ref listener);

    /// <summary>The address of the TCP port. Only a node with the role <see cref="Role.Ingest"/> has one.</summary>
    public IPEndPoint Address => Listener!.Address;

    /// <summary>Number of batches that were delayed or rejected because of a caller's quota.</summary>
    public long Delayed => Pipeline?.Quotas.Delayed ?? 0;

    /// <summary>Starts the pipeline.</summary>
    internal Task StartAsync(CancellationToken cancellation)
    {
        var options = node.Options;
        Volatile.Write(ref pipeline, new IngestPipeline(node.Engine, options.Intake with
        {
            Folder = options.Data, OnNotice = logger.Notice, Meter = node.Telemetry.Meter, Time = options.Time,
            Disk = node.Disk,
        }));
        publishing = node.Hosted.PublishRejectsAsync(Running);
        return Task.CompletedTask;
    }

    /// <summary>Writes the last audit line while the ledger of the engine is still available.</summary>
    internal async Task StopAsync(CancellationToken cancellation) => await Running.DisposeAsync();

    /// <summary>Opens the TCP port when the node has the ingest role.</summary>
    internal void Listen()
    {
        if (!node.Hosted.Has(Role.Ingest)) return;
        var options = node.Options;
        try
        {
            Volatile.Write(ref listener, node.Hosted.OpenListener(Running, options.Ingest with
            {
                Address = new IPEndPoint(options.Listen, options.Port),
                AllowRemote = !options.IsLocal,
                Access = node.Security.Rules,
                Callers = node.Security.Callers,
                HttpPort = node.Http[0].Port,
                Tls = node.Security.Certificate,
                OnClosed = OnClosed,
            }, options.Time));
        }
        catch (SocketException exception)
        {
            throw new CommandException(ExitCode.BadOutput, $"port {options.Port}: {exception.Message}");
        }
    }

    /// <summary>Closes the TCP port and its connections immediately.</summary>
    internal async Task CloseListenerAsync()
    {
        if (listener is not null) await listener.DisposeAsync();
    }

    /// <summary>Stops the pipeline immediately.</summary>
    public async ValueTask DisposeAsync()
    {
        if (pipeline is not null) await pipeline.DisposeAsync();
        await publishing;
    }

    private void OnClosed(ConnectionStatus ended)
    {
        node.Telemetry.Ends.Add(ended);
        node.AuditRefusal(ended);
        var (remote, source) = (ended.Remote?.ToString() ?? "", ended.Source?.Name ?? "no name");
        if (ended.Error is { } error)
            logger.ConnectionClosed(ended.Number, remote, source, error.Code, error.Message, ended.Records, ended.Rejected, ended.BytesIn);
        else
            logger.ConnectionEnded(ended.Number, remote, source, ended.Records, ended.Rejected, ended.BytesIn);
    }
}
