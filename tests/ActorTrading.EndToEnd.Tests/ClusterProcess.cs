using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>The command <c>cluster</c>, running.</summary>
internal sealed partial class ClusterProcess : IDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private const int LinesKept = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process process;
    private readonly Queue<string> lines = new();
    private Task reading = Task.CompletedTask;

    private ClusterProcess(Process process) => this.process = process;

    /// <summary>The addresses of its nodes, by their numbers.</summary>
    public Dictionary<int, (string Ticks, Uri Api, string Cluster)> Nodes { get; } = [];

    /// <summary>The nodes that have ended, in that order.</summary>
    public IEnumerable<string> Ended =>
        Lines.Select(line => HasEnded().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    private List<int> Processes { get; } = [];

    private List<string> Lines
    {
        get
        {
            lock (lines) return [.. lines];
        }
    }

    /// <summary>Starts it with three nodes and waits until all take records.</summary>
    public static Task<ClusterProcess> StartAsync(params string[] arguments) => StartAsync(3, arguments);

    /// <summary>Starts it with so many nodes and waits until all take records.</summary>
    public static async Task<ClusterProcess> StartAsync(int nodes, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "actortrading.dll"), "cluster", "--nodes", $"{nodes}",
            .. arguments])
            start.ArgumentList.Add(argument);
        var cluster = new ClusterProcess(Process.Start(start)!);
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            while (cluster.Nodes.Count < nodes)
            {
                var line = await cluster.process.StandardOutput.ReadLineAsync(limit.Token)
                    ?? throw new InvalidOperationException(string.Join('\n', cluster.Lines));
                cluster.Keep(line);
                if (Addresses().Match(line) is { Success: true } told)
                {
                    cluster.Nodes.Add(
                        int.Parse(told.Groups[1].ValueSpan), (told.Groups[2].Value, new Uri(told.Groups[3].Value), told.Groups[4].Value));
                    cluster.Processes.Add(int.Parse(told.Groups[5].ValueSpan));
                }
            }

            cluster.reading = cluster.ReadAsync(); // a full pipe would hold it up
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Asks it to stop; returns its exit code when all nodes have drained.</summary>
    public async Task<int> StopAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        Assert.Equal(0, SendSignal(process.Id, SigTerm));
        await process.WaitForExitAsync(limit.Token);
        await reading.WaitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>Sends its nodes, and not itself, what a terminal sends at Ctrl-C.</summary>
    public void Interrupt()
    {
        foreach (var node in Processes) Assert.Equal(0, SendSignal(node, SigInt));
    }

    /// <summary>Waits until some line of it has that in it.</summary>
    public async Task UntilSaidAsync(string words)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!Lines.Any(line => line.Contains(words, StringComparison.Ordinal))) await Task.Delay(50, limit.Token);
    }

    /// <summary>Ends it, and not its nodes, as a loss of power would.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line) Keep(line);
    }

    private void Keep(string line)
    {
        lock (lines)
        {
            if (lines.Count == LinesKept) lines.Dequeue();
            lines.Enqueue(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    [GeneratedRegex(@"^cluster \| node (\d+): ticks (\S+), API (\S+), cluster ([^,]+), process (\d+)")]
    private static partial Regex Addresses();

    [GeneratedRegex("^cluster \\| (node \\d+) has (drained and )?ended")]
    private static partial Regex HasEnded();
}
