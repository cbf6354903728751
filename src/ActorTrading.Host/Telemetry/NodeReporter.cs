using System.Net;
using System.Net.Sockets;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Nodes;
using ActorTrading.Host.Nodes;

namespace ActorTrading.Host.Telemetry;

/// <summary>
/// Reports the status of a node to clients of this node and to other nodes of its cluster. Measures only on request. Thread-safe.
/// </summary>
internal sealed class NodeReporter : INodeReporter
{
    private static readonly TimeSpan JournalTimeout = TimeSpan.FromMilliseconds(500);

    private readonly Node node;
    private readonly TimeProvider time;
    private readonly Timestamp started;
    private readonly RateMeter processor;
    private readonly RateMeter records;

    /// <summary>Creates the reporter at the start of the node.</summary>
    public NodeReporter(Node node, TimeProvider time)
    {
        this.node = node;
        this.time = time;
        started = Timestamp.FromDateTime(time.GetUtcNow().UtcDateTime);
        processor = new RateMeter(time, ProcessorSeconds);
        records = new RateMeter(time);
    }

    private static double ProcessorSeconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <inheritdoc/>
    public async Task<NodeStatus> StatusAsync()
    {
        var journal = await JournalFaultAsync();
        var health = NodeHealth.Of(node, journal);
        var parts = node.Hosting?.Partitions ?? [];
        var folded = parts.Sum(static part => part.Records);
        return new NodeStatus
        {
            Node = node.Hosting?.Address ?? Http?.Authority ?? "",
            Http = Http?.GetLeftPart(UriPartial.Authority) ?? "",
            Ticks = node.Ingest.Listener?.Address is { } ticks ? $"{HostOf(ticks.Address)}:{ticks.Port}" : "",
            Version = BuildInfo.Version,
            Status = health.Status,
            Problems = health.Fault is { } fault ? [fault, .. health.Degraded] : health.Degraded,
            Process = Environment.ProcessId,
            Started = started,
            Processor = processor.Read(ProcessorSeconds),
            Processors = Environment.ProcessorCount,
            Memory = Environment.WorkingSet,
            Symbols = parts.Sum(static part => part.Symbols),
            Records = folded,
            Rate = records.Read(folded),
            Waiting = parts.Sum(static part => (long)part.Waiting),
            Lag = parts.Select(static part => part.Lag).DefaultIfEmpty().Max(),
            Connections = node.Ingest.Listener?.Totals.Open ?? 0,
            Journal = node.Journal.Location,
            JournalFault = journal ?? "",
            Commits = node.Telemetry.Meter.Commits.Read(),
        };
    }

    /// <inheritdoc/>
    public NodeIntake Intake() =>
        new(node.Hosting?.Address ?? Http?.Authority ?? "", node.Ingest.Listener?.Connections ?? [], node.Ingest.Pipeline?.Unheard() ?? []);

    /// <inheritdoc/>
    public IReadOnlyList<KeptReject> Rejects(RejectFilter filter) => node.Ingest.Pipeline?.Rejects.Recent(filter) ?? [];

    /// <summary>
    /// The address of the HTTP interface for other machines. For a node that listens on all addresses, it has the host name of its cluster
    /// address.
    /// </summary>
    private Uri? Http
    {
        get
        {
            var address = node.Http.FirstOrDefault();
            if (address is null || !IPAddress.TryParse(address.Host.Trim('[', ']'), out var host)) return address;
            return new UriBuilder(address) { Host = HostOf(host) }.Uri;
        }
    }

    private string HostOf(IPAddress address)
    {
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return node.Cluster is not null ? node.Options.Cluster.Host : Dns.GetHostName();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
    }

    /// <summary>The problem with the journal. Uses a time limit, so that a journal that hangs is reported too.</summary>
    private async Task<string?> JournalFaultAsync()
    {
        try
        {
            return await node.Journal.Health.FaultAsync().WaitAsync(JournalTimeout, time);
        }
        catch (TimeoutException)
        {
            return $"The journal has not answered for {JournalTimeout.TotalSeconds:0.0} s.";
        }
    }
}
