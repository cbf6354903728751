using System.Buffers;
using System.Diagnostics.Metrics;
using ActorTrading.Engine.Telemetry;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Telemetry.Prometheus;

namespace ActorTrading.Host.Telemetry;

/// <summary>The metrics of a node: one set of instruments, exposed as a Prometheus page and, when configured, exported by OTLP.</summary>
internal sealed class NodeTelemetry : IAsyncDisposable
{
    private static readonly string[] Shared = ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly PrometheusPage page;
    private readonly OtlpExport? otlp;
    private int lastPageBytes = 64 * 1024;

    /// <summary>Starts collecting metrics, before the node has an engine.</summary>
    public NodeTelemetry(Node node, TelemetryOptions options, LimitedLogger logger)
    {
        Options = options;
        Logger = logger;
        Subscribers = new Subscribers(logger);
        Reader = new NodeReader(
            () => node.Hosting?.Engine, cancellation => node.Ingest.Running.LedgerAsync(cancellation), options.Symbols,
            TimeProvider.System);
        page = new PrometheusPage(IsShown);
        _ = new NodeMetrics(Meter, node, this);
        otlp = OtlpExport.Start(options, node.Plan, Reader);
    }

    /// <summary>The metrics settings.</summary>
    public TelemetryOptions Options { get; }

    /// <summary>The instruments of the engine.</summary>
    public EngineMeter Meter { get; } = new();

    /// <summary>The cached data of the partitions.</summary>
    public NodeReader Reader { get; }

    /// <summary>The logger of the node.</summary>
    public LimitedLogger Logger { get; }

    /// <summary>The connected subscribers.</summary>
    public Subscribers Subscribers { get; }

    /// <summary>Counts of ended connections.</summary>
    public ConnectionEnds Ends { get; } = new();

    /// <summary>Writes the current Prometheus page.</summary>
    public async Task<ReadOnlyMemory<byte>> PageAsync(CancellationToken cancellation)
    {
        await Reader.RefreshAsync(cancellation);

        // Written completely before it is sent: a slow reader does not delay other scrapes.
        var written = new ArrayBufferWriter<byte>(Volatile.Read(ref lastPageBytes));
        page.Write(written);
        Volatile.Write(ref lastPageBytes, written.WrittenCount + (4 * 1024));
        return written.WrittenMemory;
    }

    /// <summary>Exports the last values and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (otlp is not null) await otlp.DisposeAsync();
        page.Dispose();
        Meter.Dispose();
    }

    private bool IsShown(Meter meter) => ReferenceEquals(meter, Meter.Meter) || Shared.Contains(meter.Name);
}
