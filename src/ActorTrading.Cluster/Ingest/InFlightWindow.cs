using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// Window of accepted records. Delivers them at-least-once: each record stays here, and is resent, until its symbol has answered. One
/// message per symbol is in flight at a time. Records that arrive meanwhile go into the next message, so the order is kept and
/// messages grow with the load. The number of records is bounded; further batches wait. Thread-safe.
/// Long because all of its state changes under one lock.
/// </summary>
internal sealed class InFlightWindow
{
    /// <summary>
    /// Largest number of free arrays of one length in the pool. The arrays in use are bounded by the records in the window.
    /// </summary>
    private const int MaxArrays = 1024;

    /// <summary>Records are processed in blocks of this size, so that their memory is prefetched in parallel.</summary>
    private const int BlockRecords = 32;

    private readonly Lock sync = new();
    private readonly ClusterOptions options;
    private readonly Action<INumbered> send;
    private readonly Func<Subscriptions> subscriptions;
    private readonly TimeProvider time;
    private readonly AnswerTimes answers;
    private readonly Guid me = Guid.NewGuid();
    private readonly ArrayPool<Record> arrays = ArrayPool<Record>.Create(ClusterOptions.MaxBatchRecords, MaxArrays);
    private readonly Dictionary<Symbol, WindowQueue> queues = [];
    private readonly WindowQueue?[] ofBlock = new WindowQueue?[BlockRecords];
    private readonly HashSet<WindowQueue> sent = [];
    private readonly Queue<WindowQueue> ready = new();
    private readonly AdmissionQueue<ClusterSubmission> line;
    private readonly Ledger ledger = new();
    private readonly HashSet<ClusterSubmission> inside = [];
    private readonly TaskCompletionSource emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CompiledPlans plans;
    private long lastNumber;
    private int held;
    private int clocks;

    /// <param name="plan">The plan whose rules are checked on admission.</param>
    /// <param name="options">Window size and resend times.</param>
    /// <param name="send">Sends a message to its symbol. The message may be lost.</param>
    /// <param name="subscriptions">Returns the subscribed symbols. Records of other symbols are rejected.</param>
    /// <param name="time">Clock for the times in flight.</param>
    public InFlightWindow(
        Plan plan, ClusterOptions options, Action<INumbered> send, Func<Subscriptions> subscriptions, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        answers = new AnswerTimes(options.ResendAfter);
        this.options = options;
        this.send = send;
        this.subscriptions = subscriptions;
        plans = new CompiledPlans(plan);
        line = new AdmissionQueue<ClusterSubmission>(sync, HasRoom, Admit);
    }

    /// <summary>Number of unanswered records.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>Number of batches that wait for room.</summary>
    public int Waiting
    {
        get
        {
            lock (sync) return line.Count;
        }
    }

    /// <summary>Age of the oldest unanswered message.</summary>
    public TimeSpan Lag
    {
        get
        {
            lock (sync)
                return sent.Count == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Max(0, Now - sent.Min(queue => queue.SentAt)));
        }
    }

    /// <summary>Symbols with a message in flight: its age, and the number of their records in flight and waiting.</summary>
    public IReadOnlyList<(Symbol Symbol, int Records, TimeSpan Age)> UnderWay()
    {
        lock (sync)
        {
            var now = Now;
            return [.. sent.Select(queue => (queue.Symbol, queue.Count, TimeSpan.FromMilliseconds(Math.Max(0, now - queue.SentAt))))];
        }
    }

    private long Now => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Admits a batch when there is room, in the order of arrival. Completes with the task of its result.</summary>
    /// <exception cref="EngineStoppedException">The window is closed.</exception>
    public ValueTask<Admitted<IngestResult>> EnterAsync(ClusterSubmission submission, CancellationToken cancellation) =>
        line.EnterAsync(submission, cancellation);

    /// <summary>Advances the exchange time of symbols, after the records already accepted for them.</summary>
    public List<Task> Advance(IEnumerable<Symbol> symbols, Timestamp to)
    {
        var done = new List<Task>();
        lock (sync)
        {
            line.ThrowIfClosed();
            foreach (var symbol in symbols)
            {
                var one = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                done.Add(one.Task);
                var queue = QueueOf(symbol);
                queue.Add(to, one);
                clocks++;
                MakeReady(queue);
            }

            SendReady();
        }

        return done;
    }

    /// <summary>The symbols of which this node has accepted records.</summary>
    public List<Symbol> Symbols()
    {
        lock (sync) return [.. queues.Keys];
    }

    /// <summary>Changes the plan for the checks on admission. Symbols decide by their own plan.</summary>
    public void SwitchPlan(Plan next)
    {
        lock (sync)
        {
            plans = new CompiledPlans(next);
            foreach (var queue in queues.Values) queue.Plan = null;
        }
    }

    /// <summary>Handles the answer of a symbol.</summary>
    public void OnDone(BatchAck done)
    {
        lock (sync)
        {
            // A duplicate answer.
            if (done.Sender != me || !queues.TryGetValue(done.Symbol, out var queue) || queue.Sent?.Number != done.Number) return;
            var count = queue.UnderWay?.Count ?? 0;
            if (count != done.Outcomes.Length) return;
            if (queue.UnderWay is { } records) Settle(records, done.Outcomes);
            if (queue.ClockUnderWay is { } clock)
            {
                clocks--;
                clock.TrySetResult();
            }

            held -= count;
            if (!queue.IsResent) answers.Add(Now - queue.SentAt);
            sent.Remove(queue);
            queue.Clear();
            if (queue.HasWaiting) MakeReady(queue);
            line.AdmitWaiting();
            SendReady();
            TellIfEmpty();
        }
    }

    /// <summary>Resends messages that are unanswered for too long. Call it several times a second.</summary>
    public void Resend()
    {
        lock (sync)
        {
            var now = Now;
            foreach (var queue in sent)
            {
                if (queue.ResendAt > now) continue;
                queue.Resends++;
                queue.IsResent = true;
                queue.ResendAt = now + Pause(queue.Resends);
                send(queue.Sent!);
            }
        }
    }

    /// <summary>
    /// Handles the removal of a node: messages in flight to its symbols are lost. Resends all unanswered messages at the next call of
    /// <see cref="Resend"/>, with the shortest pause. The shard region buffers messages until the symbols are hosted again.
    /// </summary>
    public void OnNodeGone()
    {
        lock (sync)
        {
            foreach (var queue in sent)
            {
                queue.ResendAt = Now;
                queue.Resends = -1;
            }
        }
    }

    /// <summary>Ledger of all records that this node accepted or rejected.</summary>
    public IReadOnlyList<LedgerLine> Ledger()
    {
        var copy = new Ledger();
        lock (sync) copy.Add(ledger);
        return [.. copy.Lines];
    }

    /// <summary>Closes the window for new batches. Completes when all admitted batches are answered.</summary>
    public Task CloseAsync(EngineStoppedException why)
    {
        lock (sync)
        {
            line.Close(why);
            TellIfEmpty();
        }

        return emptied.Task;
    }

    /// <summary>Closes the window, and fails all admitted batches.</summary>
    public void Fail(EngineStoppedException why)
    {
        List<ClusterSubmission> lost;
        List<TaskCompletionSource> lostClocks;
        lock (sync)
        {
            line.Close(why, isLastWord: true);
            lost = [.. inside];
            lostClocks = [.. queues.Values.SelectMany(queue => queue.Clocks())];
            inside.Clear();
            queues.Clear();
            sent.Clear();
            ready.Clear();
            emptied.TrySetException(why.Copy());
        }

        _ = emptied.Task.Exception; // observed here, because no caller may be waiting for it
        foreach (var submission in lost) submission.Fail(why.Copy());
        foreach (var clock in lostClocks)
        {
            clock.TrySetException(why.Copy());
            _ = clock.Task.Exception;
        }
    }

    private bool HasRoom(ClusterSubmission submission) => held == 0 || held + submission.Records.Length <= options.WindowRecords;

    /// <summary>Rejects records that break a rule that needs no symbol state. Queues the others by symbol.</summary>
    private void Admit(ClusterSubmission submission)
    {
        inside.Add(submission);
        held += submission.Records.Length;
        var taken = subscriptions();
        var records = submission.Records.Span;
        var refused = 0;
        for (var first = 0; first < records.Length; first += BlockRecords)
        {
            var block = records.Slice(first, Math.Min(BlockRecords, records.Length - first));
            FindQueues(block);
            for (var i = 0; i < block.Length; i++)
            {
                ref readonly var record = ref block[i];
                var queue = ofBlock[i];
                var plan = queue?.Plan ?? plans.Of(record.Symbol);
                var reason = taken.Take(record.Symbol) ? Fold.Check(plan, record) : RejectReason.NotSubscribed;
                if (reason != RejectReason.None)
                {
                    refused++;
                    Settle(record, submission, first + i, RecordOutcome.Refused(reason));
                    continue;
                }

                queue ??= QueueOf(record.Symbol);
                queue.Plan = plan;
                queue.Add(record, submission, first + i);
                MakeReady(queue);
            }
        }

        held -= refused;
        SendReady();
        TellIfEmpty();
    }

    private void FindQueues(ReadOnlySpan<Record> block)
    {
        var found = ofBlock.AsSpan(0, block.Length);
        for (var i = 0; i < block.Length; i++) queues.TryGetValue(block[i].Symbol, out found[i]);
        WindowQueue.Prefetch(found);
    }

    private WindowQueue QueueOf(Symbol symbol)
    {
        if (!queues.TryGetValue(symbol, out var queue)) queues.Add(symbol, queue = new WindowQueue(symbol, arrays));
        return queue;
    }

    private void MakeReady(WindowQueue queue)
    {
        if (queue.IsReady || queue.Sent is not null) return;
        queue.IsReady = true;
        ready.Enqueue(queue);
    }

    private void SendReady()
    {
        while (sent.Count < options.WindowSymbols && ready.TryDequeue(out var queue))
        {
            queue.IsReady = false;
            var now = Now;
            var message = queue.Next(me, ++lastNumber, now);
            queue.ResendAt = now + Pause(0);
            sent.Add(queue);
            send(message);
        }
    }

    private long Pause(int resends) =>
        (long)Math.Min(5 * options.ResendAfter.TotalMilliseconds, answers.Timeout * (1L << Math.Min(resends, 16)));

    private void Settle(PendingRecords records, byte[] outcomes)
    {
        var told = records.Records.Span;
        var at = 0;
        foreach (var (submission, source, count) in records.Runs())
        {
            if (records.HasOtherUnits || outcomes.AsSpan(at, count).ContainsAnyExcept(RecordOutcome.Applied))
            {
                for (var i = at; i < at + count; i++) Settle(told[i], submission, records.PlaceOf(i), outcomes[i]);
            }
            else
            {
                SettleApplied(source, submission, count);
            }

            at += count;
        }
    }

    private void SettleApplied(Source source, ClusterSubmission submission, int count)
    {
        ledger.Count(source, RecordOutcome.Applied, count);
        submission.Outcome.Count(RecordOutcome.Applied, count);
        End(submission, count);
    }

    private void Settle(in Record record, ClusterSubmission submission, int place, byte outcome)
    {
        switch (outcome)
        {
            case RecordOutcome.Applied or RecordOutcome.Late:
                ledger.Count(record, outcome, plans.Of(record.Symbol));
                submission.Outcome.Count(outcome);
                break;
            case RecordOutcome.Duplicate:
                ledger.Count(record.Id.Source, outcome);
                submission.Outcome.Count(outcome);
                break;
            default:
                ledger.AddRefused(record.Id.Source);
                submission.Outcome.Reject(place, record, RecordOutcome.ReasonOf(outcome), plans.Of(record.Symbol).Settings);
                break;
        }

        End(submission, 1);
    }

    /// <summary>Counts <paramref name="count"/> records with an outcome, and completes the batch after the last.</summary>
    private void End(ClusterSubmission submission, int count)
    {
        submission.Left -= count;
        if (submission.Left > 0) return;
        inside.Remove(submission);
        submission.Complete();
    }

    private void TellIfEmpty()
    {
        if (line.IsClosed && inside.Count == 0 && clocks == 0) emptied.TrySetResult();
    }
}
