using System.Globalization;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Journal;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web;

namespace ActorTrading.Host.Clustering;

/// <summary>
/// A local cluster: several nodes on loopback, each in its own process. Starts and stops them, and describes them to other terminals by
/// <see cref="ClusterFile"/>. A node that stops is restarted only on request.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const int MostNodes = 32; // size of the port range to search

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly LocalClusterOptions options;
    private readonly DataFolder folder;
    private readonly Action<int, string> log;
    private readonly INodeLinks? links;
    private readonly Lock sync = new(); // guards nodes
    private readonly SortedDictionary<int, Running> nodes = [];

    private LocalCluster(LocalClusterOptions options, DataFolder folder, Action<int, string> log, INodeLinks? links)
    {
        this.options = options;
        this.folder = folder;
        this.log = log;
        this.links = links;
    }

    /// <summary>The nodes that accept records, ordered by number.</summary>
    public IReadOnlyList<ClusterMember> Ready
    {
        get
        {
            lock (sync) return [.. nodes.Values.Where(node => !node.HasEnded && node.Member.IsReady).Select(node => node.Member)];
        }
    }

    /// <summary>Starts the first node, then all others at once. Returns when all accept records.</summary>
    /// <param name="options">The options of the cluster.</param>
    /// <param name="log">Receives the output lines of the nodes with their numbers, from any thread; number 0 is the cluster
    /// itself.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <param name="links">The links between nodes; null: direct connections.</param>
    /// <exception cref="CommandException">The folder is locked by another process, or a node did not start; the log gives the
    /// reason.</exception>
    public static async Task<LocalCluster> StartAsync(
        LocalClusterOptions options, Action<int, string> log, CancellationToken cancellation, INodeLinks? links = null)
    {
        var cluster = new LocalCluster(options, DataFolder.Hold(options.Data), log, links);
        try
        {
            ClusterFile.TakeRequest(options.Data);
            await cluster.StartNodeAsync(1, cancellation);
            await Task.WhenAll(Enumerable.Range(2, options.Nodes - 1).Select(number => cluster.StartNodeAsync(number, cancellation)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts nodes on request, until cancelled or until no node is left.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(PollInterval);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (ClusterFile.TakeRequest(options.Data))
            {
                try
                {
                    await StartNodeAsync(NextNumber(), cancellation);
                }
                catch (CommandException exception)
                {
                    log(0, exception.Message);
                }
            }

            lock (sync)
            {
                if (nodes.Values.All(node => node.HasEnded)) return;
            }
        }
    }

    /// <summary>
    /// Drains all nodes and waits for their end: first all but the oldest, then the oldest. The oldest node has the singletons. If it left
    /// together with the others, Akka.NET would search among them for a new singleton host for ten seconds or more.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        List<Running> running;
        lock (sync) running = [.. nodes.Values.Where(node => !node.HasEnded).OrderBy(node => node.Member.Started)];
        await Task.WhenAll(running.Skip(1).Select(StopAsync));
        await Task.WhenAll(running.Take(1).Select(StopAsync));

        async Task StopAsync(Running node)
        {
            await node.Process.StopAsync(cancellation);
            await node.Ended;
        }
    }

    /// <summary>Kills all running nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Running> all;
        lock (sync) all = [.. nodes.Values];
        foreach (var node in all.Where(node => !node.Ended.IsCompleted)) node.Process.Kill();
        await Task.WhenAll(all.Select(node => node.Ended));
        foreach (var node in all) node.Process.Dispose();
        folder.Dispose();
    }

    /// <summary>The process of a node, whether it runs or has ended.</summary>
    public NodeProcess ProcessOf(int number)
    {
        lock (sync) return nodes[number].Process;
    }

    /// <summary>Completes when the process of a node has ended and the other nodes have been notified.</summary>
    public Task EndOf(int number)
    {
        lock (sync) return nodes[number].Ended;
    }

    private int NextNumber()
    {
        lock (sync) return Enumerable.Range(1, nodes.Count + 1).First(number => !nodes.TryGetValue(number, out var node) || node.HasEnded);
    }

    /// <summary>Starts a node that does not run. Returns when it accepts records.</summary>
    /// <exception cref="CommandException">The node did not start; the log gives the reason.</exception>
    public async Task StartNodeAsync(int number, CancellationToken cancellation)
    {
        NodeProcess process;
        lock (sync)
        {
            // Akka.NET does not detect that another process listens on the port, and would receive every other connection.
            ReservedPort[] ports = options.FirstPort is { } first
                ? [Port(first), Port(first + MostNodes), Port(first + (2 * MostNodes))]
                : [Port(NodeOptions.DefaultClusterPort), Port(IngestOptions.DefaultPort), Port(WebOptions.DefaultPort)];
            var (cluster, ticks, http) = (ports[0].Number, ports[1].Number, ports[2].Number);
            var link = links?.Open(number, cluster);
            var member = new ClusterMember(
                number, 0, default, link?.Address ?? $"127.0.0.1:{cluster}", $"127.0.0.1:{ticks}",
                $"{(options.IsEncrypted ? "https" : "http")}://127.0.0.1:{http}", false);

            // Running nodes are the seeds. Without one, the node starts a new cluster.
            var seeds = nodes.Values.Where(node => !node.HasEnded).Select(node => node.Member.Cluster).Take(3)
                .DefaultIfEmpty(member.Cluster);
            List<string> arguments =
            [
                .. options.Settings is { } settings ? (string[])["--config", settings] : [], "--data",
                Path.Combine(options.Data, string.Create(CultureInfo.InvariantCulture, $"node-{number}")), "--engine", "cluster",
                "--cluster-port", Text(cluster), "--port", Text(ticks), "--http-port", Text(http),
                .. seeds.SelectMany(seed => (string[])["--seed", seed]),
            ];
            if (link is not null) arguments.AddRange(["--hocon", link.Hocon]);
            if (options.Plan is { } plan) arguments.AddRange(["--plan", plan]);
            process = NodeProcess.Start(options.Program, arguments, Environment, line => log(number, line));
            nodes[number] = new Running(
                process, member with { Process = process.Id, Started = process.Started }, ports,
                EndOfAsync(number, process));
            WriteFile();
        }

        try
        {
            await process.Listening.WaitAsync(cancellation);
        }
        catch (IOException)
        {
            throw new CommandException(ExitCode.NoNode, $"Node {number} did not start; see its output.");
        }

        lock (sync)
        {
            nodes[number] = nodes[number] with { Member = nodes[number].Member with { IsReady = true } };
            WriteFile();
        }

        static ReservedPort Port(int first) => ReservedPort.From(first, MostNodes);

        static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
    }

    private IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        // Not an argument: all users of the machine can see command lines.
        [NodeSettings.Prefix + "JOURNAL"] = options.Postgres ?? Path.GetFullPath(Path.Combine(options.Data, JournalStore.FileName)),

        // Overrides the settings file: all nodes listen on this machine.
        [NodeSettings.Prefix + "LISTEN"] = "127.0.0.1",
        [NodeSettings.Prefix + "CLUSTER__HOST"] = "127.0.0.1",
        [NodeSettings.Prefix + "CLUSTER__BIND"] = "127.0.0.1",
    };

    private async Task EndOfAsync(int number, NodeProcess process)
    {
        await Task.Yield(); // the node is in the list before it can end
        var code = await process.EndAsync(CancellationToken.None);
        lock (sync)
        {
            nodes[number].HasEnded = true;
            foreach (var port in nodes[number].Ports) port.Dispose();
            WriteFile();
        }

        log(0, code == 0 ? $"node {number} has drained and ended" : $"node {number} has ended with code {code}");
    }

    private void WriteFile() =>
        new ClusterFile(
            DateTime.UtcNow, System.Environment.ProcessId, [.. nodes.Values.Where(node => !node.HasEnded).Select(node => node.Member)])
            .Write(options.Data);

    private sealed record Running(NodeProcess Process, ClusterMember Member, ReservedPort[] Ports, Task Ended)
    {
        public bool HasEnded { get; set; }
    }
}
