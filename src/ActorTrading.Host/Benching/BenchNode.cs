using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace ActorTrading.Host.Benching;

/// <summary>
/// A node in a process of its own, on free ports, with a folder that goes with it unless it was given one. Ended by its process id.
/// </summary>
internal sealed class BenchNode : IDisposable
{
    private const int SigTerm = 15;
    private const string Listening = "listening on ";

    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly bool ownsFolder;
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource<IPEndPoint> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BenchNode(Process process, DirectoryInfo folder, bool ownsFolder)
    {
        this.process = process;
        this.folder = folder;
        this.ownsFolder = ownsFolder;
    }

    /// <summary>Where it takes ticks.</summary>
    public IPEndPoint Ingest { get; private set; } = null!;

    /// <summary>Hears every line that it prints from now on; one at a time.</summary>
    public Action<string>? OnLine { get; set; }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes of memory that it holds.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Bytes of its journal on disk.</summary>
    public long DiskBytes => folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Starts one and waits until it listens.</summary>
    /// <exception cref="CommandException">It did not start; the message is its own.</exception>
    public static async Task<BenchNode> StartAsync(string? data, string? plan, CancellationToken cancellation)
    {
        var folder = data is null ? Directory.CreateTempSubdirectory("actortrading-bench-") : Directory.CreateDirectory(data);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var argument in (string[])["node", "--data", folder.FullName, "--port", "0", "--http-port", "0"]) start.ArgumentList.Add(argument);
        if (plan is not null)
        {
            start.ArgumentList.Add("--plan");
            start.ArgumentList.Add(plan);
        }

        var node = new BenchNode(Process.Start(start)!, folder, data is null);
        try
        {
            node.process.OutputDataReceived += (_, said) => node.Hear(said.Data);
            node.process.BeginOutputReadLine();
            var error = node.process.StandardError.ReadToEndAsync(cancellation);
            if (await Task.WhenAny(node.listening.Task, error).WaitAsync(TimeSpan.FromMinutes(10), cancellation) == error)
                throw new CommandException(ExitCode.BadOutput, $"The node did not start. {(await error).Trim()}");
            node.Ingest = await node.listening.Task;
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>Lets it drain and stop; returns what it said of its ledger, a line per source (nothing where the system cannot ask a process to stop).</summary>
    public async Task<IReadOnlyList<string>> StopAsync(CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows()) return [];
        _ = Kill(process.Id, SigTerm);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != ExitCode.Ok) throw new CommandException(ExitCode.BadOutput, $"The node ended with {process.ExitCode}.");
        lock (lines) return [.. lines.Where(line => line.StartsWith("ledger ", StringComparison.Ordinal)).Select(line => line["ledger ".Length..])];
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
        if (line.StartsWith(Listening, StringComparison.Ordinal) && IPEndPoint.TryParse(line[Listening.Length..].Split(' ')[0], out var address))
            listening.TrySetResult(address);
        else if (line.StartsWith("ledger ", StringComparison.Ordinal))
            lock (lines) lines.Add(line);
        else OnLine?.Invoke(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
