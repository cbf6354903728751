using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorTrading.Host.Clustering;

/// <summary>A program of the product in its own process: its lines, its signals, its end.</summary>
internal class ChildProcess : IDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    private readonly Process process;
    private readonly Queue<(string Text, bool IsError)> lines = new(); // also the lock of the waiters
    private readonly List<(Func<string, bool> IsIt, TaskCompletionSource<string> Found)> waiters = [];
    private readonly Action<string>? onLine;
    private readonly int linesKept;
    private readonly Task reading;
    private bool hasEnded;

    /// <summary>Starts the process.</summary>
    /// <param name="start">The program, with redirected standard output and error.</param>
    /// <param name="onLine">Receives each output line.</param>
    /// <param name="linesKept">Maximum number of kept lines; beyond it the oldest are dropped.</param>
    public ChildProcess(ProcessStartInfo start, Action<string>? onLine = null, int linesKept = 1_000)
    {
        this.linesKept = linesKept;
        process = Process.Start(start)!;
        this.onLine = onLine;
        Started = process.StartTime.ToUniversalTime();
        reading = ReadAsync();
    }

    /// <summary>The process id.</summary>
    public int Id => process.Id;

    /// <summary>The start time of the process; distinguishes it from a later process with the same id.</summary>
    public DateTime Started { get; }

    /// <summary>The standard input of the process.</summary>
    public StreamWriter Input => process.StandardInput;

    /// <summary>The last lines of standard output and error.</summary>
    public IReadOnlyList<string> Lines => Kept(static _ => true);

    /// <summary>The last lines of standard output.</summary>
    public IReadOnlyList<string> Output => Kept(static isError => !isError);

    /// <summary>The last lines of standard error.</summary>
    public IReadOnlyList<string> Errors => Kept(static isError => isError);

    /// <summary>The processor time used so far.</summary>
    public TimeSpan ProcessorTime
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

    /// <summary>
    /// The first kept or later line for which a condition holds. Fails with an <see cref="IOException"/> when the process ends before.
    /// </summary>
    public Task<string> LineAsync(Func<string, bool> isIt)
    {
        lock (lines)
        {
            foreach (var (text, _) in lines)
            {
                if (isIt(text)) return Task.FromResult(text);
            }

            if (hasEnded) return Task.FromException<string>(Ended());
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = found.Task.Exception; // mark as observed: callers need not await it
            waiters.Add((isIt, found));
            return found.Task;
        }
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

    /// <summary>Asks the process to drain and stop (SIGTERM); returns its exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellation)
    {
        Signal(SigTerm);
        return EndAsync(cancellation);
    }

    /// <summary>Asks a process to drain and stop; false when the signal cannot be sent.</summary>
    public static bool Drain(int process) => SendSignal(process, SigTerm) == 0;

    /// <summary>Sends a process what a terminal sends at Ctrl-C; false when the signal cannot be sent.</summary>
    public static bool Interrupt(int process) => SendSignal(process, SigInt) == 0;

    /// <summary>Waits until the process ends; returns its exit code.</summary>
    public async Task<int> EndAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        await reading.WaitAsync(cancellation);
        return process.ExitCode;
    }

    /// <summary>Kills the process, with those that it started, when it has not ended.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Signal(int signal)
    {
        if (!process.HasExited && SendSignal(process.Id, signal) != 0) throw new IOException("Cannot send a signal to the process.");
    }

    private List<string> Kept(Func<bool, bool> isWanted)
    {
        lock (lines) return [.. lines.Where(line => isWanted(line.IsError)).Select(line => line.Text)];
    }

    /// <summary>The process ended too early. The caller holds the lock.</summary>
    private IOException Ended() => new(
        $"The process ended before it printed the line. Its last lines: {string.Join(" | ", lines.TakeLast(5).Select(line => line.Text))}");

    private async Task ReadAsync()
    {
        await Task.WhenAll(ReadAsync(process.StandardOutput, isError: false), ReadAsync(process.StandardError, isError: true));
        lock (lines)
        {
            hasEnded = true;
            foreach (var (_, found) in waiters) found.SetException(Ended());
            waiters.Clear();
        }
    }

    private async Task ReadAsync(StreamReader reader, bool isError)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                if (lines.Count == linesKept) lines.Dequeue();
                lines.Enqueue((line, isError));
                waiters.RemoveAll(waiter => waiter.IsIt(line) && waiter.Found.TrySetResult(line));
            }

            onLine?.Invoke(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
