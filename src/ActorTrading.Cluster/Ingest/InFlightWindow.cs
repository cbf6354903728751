using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// What this node has promised: every record that it took in stays here until its symbol has answered, and is sent again until then. A
/// symbol has one message under way at a time, and what comes meanwhile goes along in the next, so that the order of its records is kept
/// and messages grow with the load. Holds a bounded number of records, and lets nobody in beyond it. Safe for any number of threads.
/// </summary>
internal sealed class InFlightWindow
{
    /// <summary>Free arrays of one length that are kept; those in use at a time are bounded by the records that are held.</summary>
    private const int MaxArrays = 1024;

    /// <summary>So many records are looked at together, so that what they touch is fetched from memory at the same time.</summary>
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

    /// <param name="plan">Whose rules are checked at the door.</param>
    /// <param name="options">How much is held, and when it is sent again.</param>
    /// <param name="send">Brings a message to its symbol, or loses it.</param>
    /// <param name="subscriptions">Which symbols are taken.</param>
    /// <param name="time">What tells how long a message has been under way.</param>
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

    /// <summary>Records that wait for their answer.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>Batches that wait for room.</summary>
    public int Waiting
    {
        get
        {
            lock (sync) return line.Count;
        }
    }

    /// <summary>How long the oldest unanswered message has been under way.</summary>
    public TimeSpan Lag
    {
        get
        {
            lock (sync)
                return sent.Count == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Max(0, Now - sent.Min(queue => queue.SentAt)));
        }
    }

    /// <summary>To whom a message is under way, for how long, and how many records go or wait to go there.</summary>
    public IReadOnlyList<(Symbol Symbol, int Records, TimeSpan Age)> UnderWay()
    {
        lock (sync)
        {
            var now = Now;
            return [.. sent.Select(queue => (queue.Symbol, queue.Count, TimeSpan.FromMilliseconds(Math.Max(0, now - queue.SentAt))))];
        }
    }

    private long Now => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Lets a batch in when there is room, behind those who came before; completes with what will be the answer.</summary>
    /// <exception cref="EngineStoppedException">Nothing is taken any more.</exception>
    public ValueTask<Admitted<IngestResult>> EnterAsync(ClusterSubmission submission, CancellationToken cancellation) =>
        line.EnterAsync(submission, cancellation);

    /// <summary>Says to a symbol that exchange time has come to a moment, behind what was taken for it before.</summary>
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

    /// <summary>The symbols that this node has taken records of.</summary>
    public List<Symbol> Symbols()
    {
        lock (sync) return [.. queues.Keys];
    }

    /// <summary>What is taken from now on is looked at by another plan; symbols judge by their own.</summary>
    public void GoOver(Plan next)
    {
        lock (sync)
        {
            plans = new CompiledPlans(next);
            foreach (var queue in queues.Values) queue.Plan = null;
        }
    }

    /// <summary>A symbol has answered.</summary>
    public void OnDone(BatchAck done)
    {
        lock (sync)
        {
            // Answered before.
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

    /// <summary>Sends again what has been unanswered for too long; call it several times a second.</summary>
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
    /// A node is gone, and with it what was on its way to its symbols: everything unanswered is sent again at the next look, and
    /// its pauses begin anew. Until the symbols have a home their messages wait in the shard region.
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

    /// <summary>What became of everything that this node took in.</summary>
    public IReadOnlyList<LedgerLine> Ledger()
    {
        var copy = new Ledger();
        lock (sync) copy.Add(ledger);
        return [.. copy.Lines];
    }

    /// <summary>Lets nobody in any more; completes when all that is inside has been answered.</summary>
    public Task CloseAsync(EngineStoppedException why)
    {
        lock (sync)
        {
            line.Close(why);
            TellIfEmpty();
        }

        return emptied.Task;
    }

    /// <summary>Lets nobody in any more, and tells those inside that it is over.</summary>
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
            emptied.TrySetException(why.Again());
        }

        _ = emptied.Task.Exception; // nobody may be waiting for it
        foreach (var submission in lost) submission.Fail(why.Again());
        foreach (var clock in lostClocks)
        {
            clock.TrySetException(why.Again());
            _ = clock.Task.Exception;
        }
    }

    private bool HasRoom(ClusterSubmission submission) => held == 0 || held + submission.Records.Length <= options.WindowRecords;

    /// <summary>Refuses what breaks a rule whatever its symbol has accepted, and gives the rest to the queues of their symbols.</summary>
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
        (long)Math.Min(5 * options.ResendAfter.TotalMilliseconds, answers.Patience * (1L << Math.Min(resends, 16)));

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
        var line = ledger.Of(source);
        line.Received += count;
        line.Applied += count;
        submission.Applied += count;
        End(submission, count);
    }

    private void Settle(in Record record, ClusterSubmission submission, int place, byte outcome)
    {
        if (outcome is RecordOutcome.Applied or RecordOutcome.Late && Fold.IsRounded(plans.Of(record.Symbol), record))
            ledger.Of(record.Id.Source).Rounded++;
        if (outcome == RecordOutcome.Applied)
        {
            SettleApplied(record.Id.Source, submission, 1);
            return;
        }

        switch (outcome)
        {
            case RecordOutcome.Late:
                var late = ledger.Of(record.Id.Source);
                late.Received++;
                late.Late++;
                submission.Late++;
                break;
            case RecordOutcome.Duplicate:
                var known = ledger.Of(record.Id.Source);
                known.Received++;
                known.Duplicate++;
                submission.Duplicate++;
                break;
            default:
                ledger.AddRefused(record.Id.Source);
                submission.Refuse(new RejectedRecord(
                    place, TickRules.Explain(record, RecordOutcome.ReasonOf(outcome), plans.Of(record.Symbol).Settings)));
                break;
        }

        End(submission, 1);
    }

    /// <summary>So many of its records have their outcome.</summary>
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
