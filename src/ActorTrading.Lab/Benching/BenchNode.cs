using System.Net;
using ActorTrading.Host;
using ActorTrading.Host.Clustering;
using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// A node in its own process, on free ports. Its folder is deleted at the end unless it was specified. Ended by its process id.
/// </summary>
internal sealed class BenchNode : IDisposable
{
    private const string Api = " (API)";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private readonly NodeProcess process;
    private readonly DirectoryInfo folder;
    private readonly bool ownsFolder;

    private BenchNode(NodeProcess process, DirectoryInfo folder, bool ownsFolder)
    {
        this.process = process;
        this.folder = folder;
        this.ownsFolder = ownsFolder;
    }

    /// <summary>The address of the ingest port. The node prints it before the HTTP address.</summary>
    public IPEndPoint Ingest { get; private set; } = null!;

    /// <summary>The HTTP address.</summary>
    public Uri Http { get; private set; } = null!;

    /// <summary>The processor time used so far.</summary>
    public TimeSpan Cpu => process.ProcessorTime;

    /// <summary>The memory in use, in bytes.</summary>
    public long Memory => process.Memory;

    /// <summary>The size of its journal on disk, in bytes.</summary>
    public long DiskBytes => folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Starts a node and waits until it listens.</summary>
    /// <exception cref="CommandException">The node did not start; the message is that of the node.</exception>
    public static async Task<BenchNode> StartAsync(BenchOptions options, CancellationToken cancellation)
    {
        var data = options.Data;
        var folder = data is null ? Directory.CreateTempSubdirectory("actortrading-bench-") : Directory.CreateDirectory(data);
        List<string> arguments =
        [
            "--data", folder.FullName, "--port", "0", "--http-port", "0", "--engine", options.Engine.ToString().ToLowerInvariant(),
        ];
        if (options.Plan is { } plan) arguments.AddRange(["--plan", plan]);
        if (options.Engine is EngineKind.Cluster) arguments.AddRange(["--cluster-port", "0"]);

        var node = new BenchNode(NodeProcess.Start(Product.Program, arguments), folder, data is null);
        try
        {
            var ticks = await node.process.Listening.WaitAsync(Timeout, cancellation);
            var http = await node.process.LineAsync(static line => line.EndsWith(Api, StringComparison.Ordinal))
                .WaitAsync(Timeout, cancellation);
            (node.Ingest, node.Http) = (IPEndPoint.Parse(ticks.Split(' ')[2]), new Uri(http[..^Api.Length]));
            return node;
        }
        catch (IOException)
        {
            var errors = string.Join('\n', node.process.Errors);
            node.Dispose();
            throw new CommandException(ExitCode.BadOutput, $"The node did not start. {errors.Trim()}");
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>Drains and stops the node. On a system that cannot signal a process, the process is killed.</summary>
    /// <exception cref="CommandException">The node did not stop successfully.</exception>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows()) return;
        var code = await process.StopAsync(cancellation);
        if (code != ExitCode.Ok) throw new CommandException(ExitCode.BadOutput, $"The node ended with {code}.");
    }

    public void Dispose()
    {
        process.Dispose();
        if (ownsFolder) folder.Delete(recursive: true);
    }
}
