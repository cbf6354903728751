using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>The sample of a subscriber, running, and asked for all signals.</summary>
internal sealed class SubscriberProcess : IDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace(
            Path.Combine("tests", "ActorTrading.EndToEnd.Tests"), Path.Combine("src", "ActorTrading.Subscriber"), StringComparison.Ordinal),
        "actortrading-subscriber.dll");

    private readonly Process process;

    private SubscriberProcess(Process process) => this.process = process;

    /// <summary>Starts it; those are nodes of the cluster.</summary>
    public static SubscriberProcess Start(IEnumerable<string> seeds)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Program, "signals", "--from", "0"]) start.ArgumentList.Add(argument);
        foreach (var seed in seeds)
        {
            start.ArgumentList.Add("--seed");
            start.ArgumentList.Add(seed);
        }

        return new SubscriberProcess(Process.Start(start)!);
    }

    /// <summary>Runs it until it ends by itself.</summary>
    public static async Task<CliResult> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Program, .. arguments]) start.ArgumentList.Add(argument);
        using var limit = new CancellationTokenSource(Patience);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new CliResult(process.ExitCode, await output, await error);
    }

    /// <summary>Its next lines; waits for them.</summary>
    public async Task<List<string>> ReadAsync(int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (lines.Count < count)
        {
            lines.Add(await process.StandardOutput.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException($"It ended behind {lines.Count} lines."));
        }
        return lines;
    }

    /// <summary>Asks it to stop; returns its exit code when it has left the cluster.</summary>
    public async Task<int> StopAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        Assert.Equal(0, SendSignal(process.Id, SigTerm));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
