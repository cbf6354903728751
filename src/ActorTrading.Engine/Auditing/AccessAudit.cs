using System.Buffers;
using System.Diagnostics;
using ActorTrading.Engine.Ingest.Keeping;

namespace ActorTrading.Engine.Auditing;

/// <summary>
/// The audit log: who did what, from where, with which outcome, for every change and every refusal of access. Lines of
/// <c>access-NNNNNNNN.ndjson</c> that are only appended to; described in docs/security.md. Whoever changes something
/// waits for <see cref="WriteAsync"/>; a refusal is not waited for, and repeated ones are counted instead of written.
/// One thread writes, and syncs once for all that has come. Safe for any number of threads.
/// </summary>
public sealed class AccessAudit : IDisposable
{
    private const int MaxUnwritten = 1_024; // lines of refusals that the disk did not take yet

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly object gate = new(); // a monitor: the writer waits on it
    private readonly AuditOptions options;
    private readonly RotatedLog log;
    private readonly RefusalThrottle throttle;
    private readonly ArrayBufferWriter<byte> lines = new(1024); // the writer's own
    private readonly Thread writer;
    private List<Line> waiting = [];
    private int unwritten;
    private long lost;
    private long triedAt;
    private long lastChange;
    private string? problem;
    private bool isClosing;

    /// <summary>Begins. The folder is made with the first line.</summary>
    /// <param name="folder">The folder <c>audit</c> of the data folder.</param>
    public AccessAudit(string folder, AuditOptions? options = null)
    {
        this.options = options ?? new AuditOptions();
        Folder = folder;
        log = new RotatedLog(folder, FilePrefix, this.options.FileBytes, this.options.TotalBytes, Notify);
        throttle = new RefusalThrottle(this.options.RefusalsPerSecond, this.options.Time);
        writer = new Thread(Run) { IsBackground = true, Name = "access audit" };
        writer.Start();
    }

    /// <summary>What the names of its files begin with.</summary>
    public const string FilePrefix = "access";

    /// <summary>Where its files are.</summary>
    public string Folder { get; }

    /// <summary>Why lines cannot be written at present; null where they can.</summary>
    public string? Problem => Volatile.Read(ref problem);

    /// <summary>Writes a line; completes when it is durable.</summary>
    /// <exception cref="AuditException">(Of the task.) It is not, and will not be.</exception>
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
    /// Notes that something was refused. Returns at once; what cannot be written now is written later, or counted.
    /// Never throws.
    /// </summary>
    public void Refuse(AuditRecord refusal)
    {
        lock (gate)
        {
            if (isClosing) return;
            var isFirst = throttle.IsIdle;
            var passed = throttle.Pass(refusal with { Outcome = AuditOutcome.Refused });
            if (passed is not null) Add(passed);
            if (passed is not null || isFirst) Monitor.Pulse(gate); // otherwise it looks each second anyway
        }
    }

    /// <summary>
    /// Writes a line of something that nobody waits for and that has happened. Returns at once, as <see cref="Refuse"/>
    /// does. Never throws.
    /// </summary>
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
    /// Makes a change and writes down how it ended: first that it begins, so that no durable change is without a line,
    /// then what became of it.
    /// </summary>
    /// <param name="record">Who wants what.</param>
    /// <param name="change">Makes it; what it returns goes to the caller of this.</param>
    /// <param name="details">What was changed, given the result.</param>
    /// <param name="reasonOf">The code of a failure, as the caller is told it; null: a fault of the node.</param>
    /// <exception cref="AuditException">A line cannot be written. Before the change: it was not made. After it: it was.</exception>
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
            throw new AuditException($"The change was made, and its last line is missing. {e.Message}", e);
        }

        return result;
    }

    /// <summary>Writes what waits, if the disk will have it, and ends.</summary>
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

    /// <summary>Puts a line in that nobody waits for, if there is room. Under the gate.</summary>
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

    /// <summary>Waits for lines and takes them; false: it is closed, and there are none.</summary>
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
                else Monitor.Wait(gate, LookEvery);
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
    /// A disk that did not take the last lines is tried again once a second, and when somebody waits for a line. Under
    /// the gate.
    /// </summary>
    private bool IsToBeTried() =>
        problem is null || isClosing || waiting.Exists(line => line.Written is not null) || Stopwatch.GetElapsedTime(triedAt) >= LookEvery;

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
        if (failure.Length > 0 && before is null) Notify($"The audit log cannot be written, so nothing is changed: {failure}");
        if (failure.Length == 0 && before is not null) Notify("The audit log can be written again.");
        return failure.Length == 0;
    }

    /// <summary>Lines that nobody waits for are written when that is possible again.</summary>
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
