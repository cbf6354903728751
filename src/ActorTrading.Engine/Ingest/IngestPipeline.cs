using System.Diagnostics;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Ingest.Admission;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// The admission of all input, from TCP, HTTP and connectors. Step 4 of the way of a tick: listener, connection, session, admission,
/// engine. <see cref="AdmissionFilter"/> checks rights and limits; the engine has room or the sender waits (back-pressure). Refused input
/// goes to the quarantine, and all input is counted and audited. The owner disposes it after the listeners and before the engine.
/// Thread-safe. Next: <see cref="IEngine.SubmitAsync"/>.
/// </summary>
public sealed class IngestPipeline : IAsyncDisposable
{
    private static readonly TimeSpan AuditEvery = TimeSpan.FromSeconds(1);
    private static readonly IngestResult Nothing = new(0, 0, 0, []);

    private readonly IEngine engine;
    private readonly IngestPipelineOptions options;
    private readonly Audit? audit;
    private readonly CancellationTokenSource closing = new();
    private readonly Task auditing;
    private readonly Lock gate = new(); // guards the unreadable
    private readonly Ledger unreadable = new();
    private readonly AdmissionFilter screening;

    /// <summary>Starts the pipeline. Folders are created when there is something to keep.</summary>
    public IngestPipeline(IEngine engine, IngestPipelineOptions? options = null)
    {
        this.engine = engine;
        this.options = options ?? new IngestPipelineOptions();
        this.options.Validate();
        screening = new AdmissionFilter(engine, this.options);
        Quotas = new RecordQuotas(this.options.Time);
        Rejects = new RejectLog(this.options);
        if (this.options.Folder is { } folder) audit = new Audit(Path.Combine(folder, "audit"), this.options);
        auditing = audit is null ? Task.CompletedTask : AuditAsync(audit);
    }

    /// <summary>Number of known symbols: those that the engine had when they were last read, and those accepted since.</summary>
    public int KnownSymbols => screening.KnownSymbols;

    /// <summary><see cref="IngestPipelineOptions.NamesKept"/>.</summary>
    internal int NamesKept => options.NamesKept;

    /// <summary>Rate limits of callers with a quota.</summary>
    internal RecordQuotas Quotas { get; }

    /// <summary>Free disk space; null: not checked.</summary>
    public DiskWatch? Disk => options.Disk;

    /// <summary>The rejected input.</summary>
    public RejectLog Rejects { get; }

    /// <summary>
    /// Submits records and unreadable pieces of input, in order. Returns when there is room for them. A batch without rejections never
    /// waits for the quarantine. The caller must not change the memory until <see cref="Admitted{T}.Durable"/> completes. Otherwise as
    /// <see cref="IEngine.SubmitAsync"/>.
    /// </summary>
    /// <exception cref="EngineStoppedException">The engine is draining, stopped, or has failed.</exception>
    /// <exception cref="QuarantineException">
    /// (From <see cref="Admitted{T}.Durable"/>.) A rejection was not durable when the pipeline was disposed.
    /// </exception>
    public ValueTask<Admitted<IngestResult>> SubmitAsync(
        ReadOnlyMemory<Record> records, IReadOnlyList<RejectedInput> unreadable, Sender sender, CancellationToken cancellation = default)
    {
        var begun = Stopwatch.GetTimestamp();
        return unreadable.Count > 0
            ? SubmitBothAsync(records, unreadable, sender, begun, cancellation)
            : SubmitRecordsAsync(records, sender, begun, cancellation);
    }

    /// <summary>
    /// Whether a sender must wait, or may have to: for disk space or for its quota. Costs two comparisons if there is no limit.
    /// </summary>
    internal bool MayHold(Grant? grant) => options.Disk is { IsLow: true } || grant?.Limits.RecordsPerSecond is not null;

    /// <summary>Waits until there is disk space and the sender's quota allows that many records.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the records are not counted.</exception>
    public async ValueTask HoldAsync(Grant? grant, int records, CancellationToken cancellation)
    {
        if (options.Disk is { } disk) await disk.RoomAsync(cancellation).ConfigureAwait(false);
        if (grant is not null) await Quotas.EnterAsync(grant, records, cancellation).ConfigureAwait(false);
    }

    /// <summary>Counts of all input since the engine started, per source. Always balanced: input in progress is not counted yet.</summary>
    public async Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation = default)
    {
        var all = new Ledger();
        lock (gate) all.Add(unreadable);
        foreach (var line in await engine.LedgerAsync(cancellation).ConfigureAwait(false)) all.Add(line);
        return [.. all.Lines];
    }

    /// <summary>The part of the ledger that the engine does not have: input that was refused before it reached the engine.</summary>
    public IReadOnlyList<LedgerLine> Unheard()
    {
        var copy = new Ledger();
        lock (gate) copy.Add(unreadable);
        return [.. copy.Lines];
    }

    /// <summary>
    /// Writes the last lines and stops. Rejections that the disk does not accept now are discarded: their senders have no ack for them.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await auditing.ConfigureAwait(false);
        audit?.Dispose();
        await Rejects.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Submits records only. The start time is null if they are part of a batch that is timed as a whole.</summary>
    private ValueTask<Admitted<IngestResult>> SubmitRecordsAsync(
        ReadOnlyMemory<Record> records, Sender sender, long? begun, CancellationToken cancellation)
    {
        if (records.IsEmpty) return new(new Admitted<IngestResult>(Task.FromResult(Nothing)));
        if (screening.Check(records.Span, sender) is { } screened)
            return SubmitScreenedAsync(records, screened, sender, begun, cancellation);
        audit?.Note(records.Span);
        var entering = engine.SubmitAsync(records, cancellation);
        return entering.IsCompletedSuccessfully
            ? new(Finish(entering.Result, records, sender, begun))
            : EnterAsync(entering, records, sender, begun);
    }

    private async ValueTask<Admitted<IngestResult>> EnterAsync(
        ValueTask<Admitted<IngestResult>> entering, ReadOnlyMemory<Record> records, Sender sender, long? begun) =>
        Finish(await entering.ConfigureAwait(false), records, sender, begun);

    private Admitted<IngestResult> Finish(Admitted<IngestResult> batch, ReadOnlyMemory<Record> records, Sender sender, long? begun) =>
        new(FinishAsync(batch.Durable, records, sender, begun));

    private async Task<IngestResult> FinishAsync(Task<IngestResult> task, ReadOnlyMemory<Record> records, Sender sender, long? begun)
    {
        var result = await task.ConfigureAwait(false);
        if (result.Refused.Count > 0)
        {
            foreach (var refused in result.Refused) options.Meter?.Rejections.Add(refused.Rejection.Reason);
            await Rejects.EnterAsync(result.Refused.Count, CancellationToken.None).ConfigureAwait(false);
            await Rejects.KeepAsync(RejectsOf(records, result.Refused, sender)).ConfigureAwait(false);
        }

        if (begun is { } since) options.Meter?.Answered(sender.Listener, Stopwatch.GetElapsedTime(since));
        return result;
    }

    /// <summary>Submits a batch with unreadable pieces: the pieces go to the quarantine while the records go to the engine.</summary>
    private async ValueTask<Admitted<IngestResult>> SubmitBothAsync(
        ReadOnlyMemory<Record> records, IReadOnlyList<RejectedInput> unread, Sender sender, long begun, CancellationToken cancellation)
    {
        await Rejects.EnterAsync(unread.Count, cancellation).ConfigureAwait(false);
        foreach (var input in unread)
        {
            options.Meter?.Rejections.Add(input.Rejection.Reason);
            Count(input.Source, input.Rejection.Reason, sender);
        }

        var now = options.Time.GetUtcNow();
        var keeping = Rejects.KeepAsync([.. unread.Select(input => new Reject(now, sender, null, RejectLines.WithoutToken(input)))]);
        var admitted = await SubmitRecordsAsync(records, sender, null, cancellation).ConfigureAwait(false);
        return new(BothAsync(admitted.Durable, keeping, sender, begun));
    }

    private async Task<IngestResult> BothAsync(Task<IngestResult> task, Task keeping, Sender sender, long begun)
    {
        var result = await task.ConfigureAwait(false);
        await keeping.ConfigureAwait(false);
        options.Meter?.Answered(sender.Listener, Stopwatch.GetElapsedTime(begun));
        return result;
    }

    /// <summary>Submits a batch with refused records or new names: the other records go to the engine.</summary>
    private async ValueTask<Admitted<IngestResult>> SubmitScreenedAsync(
        ReadOnlyMemory<Record> records, FilteredBatch screened, Sender sender, long? begun, CancellationToken cancellation)
    {
        try
        {
            if (await screening.ReadNamesAsync(screened, cancellation).ConfigureAwait(false))
            {
                screened.Release();
                screened = screening.Check(records.Span, sender) ?? new FilteredBatch(screening);
            }

            await screening.PaceAsync(screened, sender, cancellation).ConfigureAwait(false);
            var passed = screened.PassedOf(records);
            audit?.Note(passed.Span);
            var task = passed.IsEmpty ? null : (await engine.SubmitAsync(passed, cancellation).ConfigureAwait(false)).Durable;
            foreach (var (index, rejection) in screened.Refused) Count(records.Span[index].Id.Source, rejection.Reason, sender);
            return new(FinishAsync(screened.SettleAsync(task, records), records, sender, begun));
        }
        catch
        {
            screened.Release();
            throw;
        }
    }

    /// <summary>
    /// Counts input that does not reach the engine. If the sender has no right to the named source, the input is counted for the sender.
    /// </summary>
    private void Count(Source source, RejectReason reason, in Sender sender)
    {
        var named = reason is RejectReason.TooManySources or RejectReason.BadSource ? sender.Source : source;
        lock (gate)
        {
            if (screening.Knows(named)) unreadable.AddRejected(named);
            else unreadable.AddRefused(named, sender.Source);
        }
    }

    private List<Reject> RejectsOf(ReadOnlyMemory<Record> records, IReadOnlyList<RejectedRecord> refused, Sender sender)
    {
        var now = options.Time.GetUtcNow();
        var span = records.Span;
        var rejects = new List<Reject>(refused.Count);
        foreach (var (index, rejection) in refused)
        {
            ref readonly var record = ref span[index];
            rejects.Add(new Reject(now, sender, record.Symbol, RejectLines.Of(record, rejection)));
        }

        return rejects;
    }

    private async Task AuditAsync(Audit writing)
    {
        using var second = new PeriodicTimer(AuditEvery, options.Time);
        var isLast = false;
        while (!isLast)
        {
            try
            {
                await second.WaitForNextTickAsync(closing.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                isLast = true;
            }

            try
            {
                writing.Write(await LedgerAsync(CancellationToken.None).ConfigureAwait(false));
            }
            catch (EngineStoppedException)
            {
                // The engine has stopped: its counts since the last line are lost.
                isLast = true;
            }
        }
    }
}
