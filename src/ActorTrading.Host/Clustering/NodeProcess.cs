using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorTrading.Host.Clustering;

/// <summary>A node in its own process.</summary>
internal sealed class NodeProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int LinesKept = 1_000;

    private readonly Process process;
    private readonly Queue<string> output = new();
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string>? onLine;
    private readonly Task reading;

    private NodeProcess(Process process, Action<string>? onLine)
    {
        this.process = process;
        this.onLine = onLine;
        Started = process.StartTime.ToUniversalTime();
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        _ = reading.ContinueWith(
            _ => listening.TrySetException(new IOException("The node ended before it listened.")), TaskScheduler.Default);
        _ = listening.Task.Exception; // mark as observed: callers need not await it
    }

    /// <summary>Completes when the node accepts ticks; fails when it ends before.</summary>
    public Task Listening => listening.Task;

    /// <summary>The process id.</summary>
    public int Id => process.Id;

    /// <summary>The start time of the process; distinguishes it from a later process with the same id.</summary>
    public DateTime Started { get; }

    /// <summary>The last output lines.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (output) return [.. output];
        }
    }

    /// <summary>Starts the command <c>node</c> with arguments and environment variables. Passes each output line to a callback.</summary>
    public static NodeProcess Start(
        NodeProgram program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        Action<string>? onLine = null)
    {
        var start = program.Starts(["node", "--stop-with-input", .. arguments]); // its input ends with this process, even after a kill
        start.RedirectStandardInput = true;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new NodeProcess(Process.Start(start)!, onLine);
    }

    /// <summary>Kills the process (SIGKILL), like a power failure, and waits for its end.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Suspends the process (SIGSTOP), with its connections open.</summary>
    public void Freeze() => Signal(OperatingSystem.IsMacOS() ? 17 : 19);

    /// <summary>Resumes the process (SIGCONT).</summary>
    public void Thaw() => Signal(OperatingSystem.IsMacOS() ? 19 : 18);

    /// <summary>Asks the node to drain and stop (SIGTERM); returns its exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellation)
    {
        if (!process.HasExited && !Drain(process.Id)) throw new IOException("The node cannot be signalled.");
        return EndAsync(cancellation);
    }

    /// <summary>Asks a process to drain and stop; false when the signal cannot be sent.</summary>
    public static bool Drain(int process) => SendSignal(process, SigTerm) == 0;

    /// <summary>Waits until the process ends; returns its exit code.</summary>
    public async Task<int> EndAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        await reading;
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
    }

    private void Signal(int signal)
    {
        if (!process.HasExited && SendSignal(process.Id, signal) != 0) throw new IOException("The node cannot be signalled.");
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

            onLine?.Invoke(line);
            if (line.StartsWith("listening on ", StringComparison.Ordinal)) listening.TrySetResult();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
