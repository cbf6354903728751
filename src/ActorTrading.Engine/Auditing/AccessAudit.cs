using System.Buffers;
using System.Diagnostics;
using ActorTrading.Engine.Ingest.Accounting;

namespace ActorTrading.Engine.Auditing;

/// <summary>
/// The audit log: one line for every change and every refused access, with caller, address and outcome. Append-only files
/// <c>access-NNNNNNNN.ndjson</c>, described in docs/security.md. A change waits for <see cref="WriteAsync"/>; a refusal does not wait, and
/// repeated refusals are counted instead of written. One thread writes, and syncs once for all waiting lines. Thread-safe.
/// </summary>
public sealed class AccessAudit : IDisposable
{
    private const int MaxUnwritten = 1_024; // refusals that the disk has not accepted yet

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly object gate = new(); // a monitor: the writer waits on it
    private readonly AuditOptions options;
    private readonly RotatedLog log;
    private readonly DenialThrottle throttle;
    private readonly ArrayBufferWriter<byte> lines = new(1024); // used by the writer thread only
    private readonly Thread writer;
    private List<Line> waiting = [];
    private int unwritten;
    private long lost;
    private long triedAt;
    private long lastChange;
    private string? problem;
    private bool isClosing;

    /// <summary>Starts the log. The folder is created with the first line.</summary>
    /// <param name="folder">The folder <c>audit</c> of the data folder.</param>
    public AccessAudit(string folder, AuditOptions? options = null)
    {
        this.options = options ?? new AuditOptions();
        Folder = folder;
        log = new RotatedLog(folder, FilePrefix, this.options.FileBytes, this.options.TotalBytes, Notify);
        throttle = new DenialThrottle(this.options.DenialsPerSecond, this.options.Time);
        writer = new Thread(Run) { IsBackground = true, Name = "access audit" };
        writer.Start();
    }

    /// <summary>The prefix of its file names.</summary>
    public const string FilePrefix = "access";

    /// <summary>The folder of its files.</summary>
    public string Folder { get; }

    /// <summary>Why lines cannot be written now; null if they can.</summary>
    public string? Problem => Volatile.Read(ref problem);

    /// <summary>Writes a line; completes when it is durable.</summary>
    /// <exception cref="AuditException">(From the task.) The line is not durable, and will not be.</exception>
    public Task WriteAsync(AuditRecord record)
    {
        var line = new Line(options.Time.GetUtcNow(), record, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            if (isClosing) return Task.FromException(new AuditException("The audit log is closed."));
            waiting.Add(line);
            Monitor.Pulse(gate);
        }

        return line.Written!.Task;
    }

    /// <summary>
    /// Logs a refused access. Returns at once. If the line cannot be written now, it is written later or counted. Never throws.
    /// </summary>
    public void Refuse(AuditRecord refusal)
    {
        lock (gate)
        {
            if (isClosing) return;
            var isFirst = throttle.IsIdle;
            var passed = throttle.Pass(refusal with { Outcome = AuditOutcome.Refused });
            if (passed is not null) Add(passed);
            if (passed is not null || isFirst) Monitor.Pulse(gate); // otherwise the writer checks each second anyway
        }
    }

    /// <summary>Logs a past event without waiting. Returns at once, like <see cref="Refuse"/>. Never throws.</summary>
    public void Note(AuditRecord record)
    {
        lock (gate)
        {
            if (isClosing) return;
            Add(record);
            Monitor.Pulse(gate);
        }
    }

    /// <summary>
    /// Makes a change and logs it: one line before the change, so that every durable change has a line, and one line with its outcome.
    /// </summary>
    /// <param name="record">The caller and the change.</param>
    /// <param name="change">Makes the change; its result is returned to the caller.</param>
    /// <param name="details">The changed values, given the result.</param>
    /// <param name="reasonOf">The error code that the caller receives for a failure; null: an internal error of the node.</param>
    /// <exception cref="AuditException">
    /// A line cannot be written. Before the change: it was not made. After the change: it was made.
    /// </exception>
    public async Task<T> ChangeAsync<T>(
        AuditRecord record, Func<Task<T>> change, Func<T, IReadOnlyList<KeyValuePair<string, string>>> details,
        Func<Exception, string?> reasonOf)
    {
        var numbered = record with { Change = Interlocked.Increment(ref lastChange) };
        await WriteAsync(numbered with { Outcome = AuditOutcome.Begun }).ConfigureAwait(false);
        T result;
        try
        {
            result = await change().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var reason = e is OperationCanceledException ? "cancelled" : reasonOf(e) ?? "internal";
            await WriteAsync(numbered with { Outcome = AuditOutcome.Failed, Reason = reason }).ConfigureAwait(false);
            throw;
        }

        try
        {
            await WriteAsync(
                numbered with { Outcome = AuditOutcome.Done, Details = [.. record.Details, .. details(result)] }).ConfigureAwait(false);
        }
        catch (AuditException e)
        {
            throw new AuditException($"The change was made, but the last line of its audit is missing. {e.Message}", e);
        }

        return result;
    }

    /// <summary>Writes the waiting lines, if the disk accepts them, and stops.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isClosing) return;
            foreach (var held in throttle.Rest()) Add(held);
            isClosing = true;
            Monitor.Pulse(gate);
        }

        writer.Join();
        log.Dispose();
    }

    /// <summary>Adds a line that no caller waits for, if there is room. The caller holds the gate.</summary>
    private void Add(AuditRecord refusal)
    {
        if (unwritten >= MaxUnwritten)
        {
            lost += refusal.Count;
            return;
        }

        unwritten++;
        waiting.Add(new Line(options.Time.GetUtcNow(), refusal, null));
    }

    private void Run()
    {
        var group = new List<Line>();
        while (Take(group))
        {
            if (TryWrite(group, out var failure))
            {
                foreach (var line in group) line.Written?.SetResult();
            }
            else
            {
                foreach (var line in group) line.Written?.SetException(new AuditException($"The audit log cannot be written: {failure}"));
                KeepRefusals(group);
            }

            group.Clear();
        }
    }

    /// <summary>Waits for lines and takes them; false if the log is closed and there are none.</summary>
    private bool Take(List<Line> group)
    {
        lock (gate)
        {
            while (true)
            {
                foreach (var due in throttle.Due()) Add(due);
                if ((waiting.Count > 0 || lost > 0) && IsToBeTried()) break;
                if (isClosing) return false;
                if (throttle.IsIdle && waiting.Count == 0 && lost == 0) Monitor.Wait(gate);
                else Monitor.Wait(gate, PollInterval);
            }

            if (lost > 0)
            {
                var missing = new AuditRecord(AuditRecord.Node, "", AuditPort.Local, AuditActions.AuditLost)
                {
                    Outcome = AuditOutcome.Failed, Count = lost,
                };
                waiting.Add(new Line(options.Time.GetUtcNow(), missing, null));
                lost = 0;
                unwritten++;
            }

            group.AddRange(waiting);
            unwritten -= waiting.Count(line => line.Written is null);
            waiting.Clear();
            return true;
        }
    }

    /// <summary>
    /// Whether to write now. After a failure the disk is tried again once a second, and when a caller waits for a line. The caller holds
    /// the gate.
    /// </summary>
    private bool IsToBeTried() =>
        problem is null || isClosing || waiting.Exists(line => line.Written is not null)
        || Stopwatch.GetElapsedTime(triedAt) >= PollInterval;

    private bool TryWrite(List<Line> group, out string failure)
    {
        failure = "";
        triedAt = Stopwatch.GetTimestamp();
        try
        {
            foreach (var line in group)
            {
                lines.ResetWrittenCount();
                AuditLines.Write(lines, line.Time, line.Record);
                log.Append(lines.WrittenSpan);
            }

            log.Sync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            log.Abandon();
            failure = e.Message;
        }

        var before = problem;
        Volatile.Write(ref problem, failure.Length > 0 ? failure : null);
        if (failure.Length > 0 && before is null) Notify($"The audit log cannot be written, so changes are refused: {failure}");
        if (failure.Length == 0 && before is not null) Notify("The audit log can be written again.");
        return failure.Length == 0;
    }

    /// <summary>Keeps the lines that no caller waits for, to write them later.</summary>
    private void KeepRefusals(List<Line> group)
    {
        lock (gate)
        {
            foreach (var line in group.Where(line => line.Written is null))
            {
                if (line.Record.Action == AuditActions.AuditLost) lost += line.Record.Count;
                else if (unwritten >= MaxUnwritten || isClosing) lost += line.Record.Count;
                else
                {
                    unwritten++;
                    waiting.Add(line);
                }
            }
        }
    }

    private void Notify(string what) => options.OnNotice?.Invoke(what);

    private sealed record Line(DateTimeOffset Time, AuditRecord Record, TaskCompletionSource? Written);
}
