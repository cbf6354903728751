using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorTrading.Host.Crashing;

/// <summary>A node in a process of its own: this same program, started again.</summary>
internal sealed class NodeProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int LinesKept = 1_000;

    private readonly Process process;
    private readonly Queue<string> output = new();
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;

    private NodeProcess(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        _ = reading.ContinueWith(_ => listening.TrySetException(new IOException("The node ended before it listened.")), TaskScheduler.Default);
        _ = listening.Task.Exception; // who does not wait for it does not care
    }

    /// <summary>Completes when the node takes ticks; fails when it ends before.</summary>
    public Task Listening => listening.Task;

    /// <summary>What it printed, the last lines.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (output) return [.. output];
        }
    }

    /// <summary>Starts <c>node</c> with arguments.</summary>
    public static NodeProcess Start(params IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "actortrading.dll"));
        start.ArgumentList.Add("node");
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new NodeProcess(Process.Start(start)!);
    }

    /// <summary>Ends it as a power failure would (SIGKILL), and waits until it is gone.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Asks it to drain and stop (SIGTERM); returns its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellation)
    {
        if (!process.HasExited && SendSignal(process.Id, SigTerm) != 0) throw new IOException("The node cannot be signalled.");
        await process.WaitForExitAsync(cancellation);
        await reading;
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (output)
            {
                if (output.Count == LinesKept) output.Dequeue();
                output.Enqueue(line);
            }

            if (line.StartsWith("listening on ", StringComparison.Ordinal)) listening.TrySetResult();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
