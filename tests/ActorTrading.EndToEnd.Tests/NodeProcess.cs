using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>A node in a process of its own.</summary>
internal sealed partial class NodeProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int SigCont = 18; // Linux
    private const int SigStop = 19;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly string data;

    private NodeProcess(Process process, string data, IReadOnlyList<string> printed)
    {
        this.process = process;
        this.data = data;
        Printed = printed;
        Http = new Uri(printed[^1].Split(' ')[0]);
    }

    /// <summary>Where it answers requests.</summary>
    public Uri Http { get; }

    /// <summary>The lines that it printed until it listened.</summary>
    public IReadOnlyList<string> Printed { get; }

    /// <summary>How much there is of the journal and its log.</summary>
    public long JournalBytes => new DirectoryInfo(data).EnumerateFiles("journal.db*").Sum(file => file.Length);

    /// <summary>A port that nobody has.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The state hash that a node printed at its end.</summary>
    public static string HashOf(CliResult ended) => StateHash().Match(ended.Output).Groups[1].Value;

    /// <summary>Starts a node and waits until it listens.</summary>
    public static async Task<NodeProcess> StartAsync(string data, int port, string engine = "embedded", params string[] options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "actortrading.dll"), "node", "--engine", engine, "--data", data, "--port", $"{port}",
            "--cluster-port", "0", .. options.Contains("--http-port") ? options : ["--http-port", "0", .. options],
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        var printed = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            printed.Add(line);
            if (line.EndsWith(" (API)", StringComparison.Ordinal)) return new NodeProcess(process, data, printed);
        }

        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(limit.Token));
    }

    /// <summary>Ends it as a loss of power would.</summary>
    public void Kill()
    {
        process.Kill(); // SIGKILL
        process.WaitForExit();
    }

    /// <summary>Stops it where it is, until <see cref="Thaw"/>.</summary>
    public void Freeze() => Signal(SigStop);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signal(SigCont);

    /// <summary>Asks it to drain and stop.</summary>
    public Task<CliResult> StopAsync()
    {
        Signal(SigTerm);
        return EndAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<CliResult> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new CliResult(process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private void Signal(int signal) => Assert.Equal(0, SendSignal(process.Id, signal));

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    [GeneratedRegex("drained; state hash ([0-9a-f]{64})")]
    private static partial Regex StateHash();
}
