using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using ActorTrading.Host;
using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// A node in its own process, on free ports. Its folder is deleted at the end unless it was specified. Ended by its process id.
/// </summary>
internal sealed class BenchNode : IDisposable
{
    private const int SigTerm = 15;
    private const string Listening = "listening on ";
    private const string Api = " (API)";

    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly bool ownsFolder;
    private readonly TaskCompletionSource<Uri> answering = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BenchNode(Process process, DirectoryInfo folder, bool ownsFolder)
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
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The memory in use, in bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>The size of its journal on disk, in bytes.</summary>
    public long DiskBytes => folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Starts a node and waits until it listens.</summary>
    /// <exception cref="CommandException">The node did not start; the message is that of the node.</exception>
    public static async Task<BenchNode> StartAsync(BenchOptions options, CancellationToken cancellation)
    {
        var data = options.Data;
        var folder = data is null ? Directory.CreateTempSubdirectory("actortrading-bench-") : Directory.CreateDirectory(data);
        var start = Product.Program.Starts("node", "--data", folder.FullName, "--port", "0", "--http-port", "0");
        Add("--engine", options.Engine.ToString().ToLowerInvariant());
        if (options.Plan is { } plan) Add("--plan", plan);
        if (options.Engine is EngineKind.Cluster) Add("--cluster-port", "0");

        var node = new BenchNode(Process.Start(start)!, folder, data is null);
        try
        {
            node.process.OutputDataReceived += (_, said) => node.Hear(said.Data);
            node.process.BeginOutputReadLine();
            var error = node.process.StandardError.ReadToEndAsync(cancellation);
            if (await Task.WhenAny(node.answering.Task, error).WaitAsync(TimeSpan.FromMinutes(10), cancellation) == error)
                throw new CommandException(ExitCode.BadOutput, $"The node did not start. {(await error).Trim()}");
            node.Http = await node.answering.Task;
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }

        void Add(string option, string value)
        {
            start.ArgumentList.Add(option);
            start.ArgumentList.Add(value);
        }
    }

    /// <summary>Drains and stops the node. On a system that cannot signal a process, the process is killed.</summary>
    /// <exception cref="CommandException">The node did not stop successfully.</exception>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows()) return;
        _ = Kill(process.Id, SigTerm);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != ExitCode.Ok) throw new CommandException(ExitCode.BadOutput, $"The node ended with {process.ExitCode}.");
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        if (ownsFolder) folder.Delete(recursive: true);
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        if (line.StartsWith(Listening, StringComparison.Ordinal)
            && IPEndPoint.TryParse(line[Listening.Length..].Split(' ')[0], out var ticks)) Ingest = ticks;
        else if (line.EndsWith(Api, StringComparison.Ordinal) && Uri.TryCreate(line[..^Api.Length], UriKind.Absolute, out var address))
            answering.TrySetResult(address);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
