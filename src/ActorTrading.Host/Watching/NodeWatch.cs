using System.Buffers;
using System.Diagnostics.Metrics;
using ActorTrading.Engine.Telemetry;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Watching.Prometheus;

namespace ActorTrading.Host.Watching;

/// <summary>
/// A node's own view of itself: one set of instruments, shown to Prometheus on a page, and sent by OTLP where that is asked for.
/// </summary>
internal sealed class NodeWatch : IAsyncDisposable
{
    private static readonly string[] Shared = ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly PrometheusPage page;
    private readonly OtlpExport? otlp;
    private int lastPageBytes = 64 * 1024;

    /// <summary>Watches from now on, before the node has an engine.</summary>
    public NodeWatch(Node node, WatchOptions options, LimitedLogger logger)
    {
        Options = options;
        Logger = logger;
        Subscribers = new Subscribers(logger);
        Reader = new NodeReader(() => node.Hosting?.Engine, node.LedgerAsync, options.Symbols, TimeProvider.System);
        page = new PrometheusPage(IsShown);
        _ = new NodeMetrics(Meter, node, this);
        otlp = OtlpExport.Start(options, node.Plan, Reader);
    }

    /// <summary>What it shows.</summary>
    public WatchOptions Options { get; }

    /// <summary>What the engine measures into.</summary>
    public EngineMeter Meter { get; } = new();

    /// <summary>What the partitions said last.</summary>
    public NodeReader Reader { get; }

    /// <summary>What the node logs through.</summary>
    public LimitedLogger Logger { get; }

    /// <summary>Those who look on.</summary>
    public Subscribers Subscribers { get; }

    /// <summary>How connections ended.</summary>
    public ConnectionEnds Ends { get; } = new();

    /// <summary>The page as of now.</summary>
    public async Task<ReadOnlyMemory<byte>> PageAsync(CancellationToken cancellation)
    {
        await Reader.RefreshAsync(cancellation);

        // Whole before any of it is sent: whoever reads slowly holds up no other scrape.
        var written = new ArrayBufferWriter<byte>(Volatile.Read(ref lastPageBytes));
        page.Write(written);
        Volatile.Write(ref lastPageBytes, written.WrittenCount + (4 * 1024));
        return written.WrittenMemory;
    }

    /// <summary>Sends what is left to send, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (otlp is not null) await otlp.DisposeAsync();
        page.Dispose();
        Meter.Dispose();
    }

    private bool IsShown(Meter meter) => ReferenceEquals(meter, Meter.Meter) || Shared.Contains(meter.Name);
}
