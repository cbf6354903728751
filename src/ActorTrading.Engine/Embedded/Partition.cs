using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// A single-writer loop and the symbols that it hosts. It decides on records as they arrive, collects the accepted ones while a commit is
/// in progress, hands them to the journal when that commit ends, and folds them only when they are durable. Everything except the queue is
/// used by its thread only.
/// Long because it is one loop: collecting, deciding, submitting and folding share the state of the thread.
/// </summary>
internal sealed class Partition
{
    private const int Ahead = 32;

    private readonly EmbeddedEngine engine;
    private readonly EmbeddedOptions options;
    private readonly SymbolOutput output;
    private readonly SymbolRunner runner;
    private readonly PartitionSymbols symbols;
    private readonly Thread thread;
    private readonly object sync = new();
    private readonly Queue<Part> queue = new();
    private readonly Queue<Action> commands = new();
    private readonly EventEncoder encoder = new();
    private readonly RecordScratch scratch = new();
    private readonly SymbolState[] states = new SymbolState[Ahead];
    private readonly Stack<CommitGroup> idle = new();
    private readonly CommitPace pace;
    private CommitGroup collecting;
    private CommitGroup? inFlight;
    private Part? current;
    private bool isCommitted;
    private bool isStopped;
    private long oldest;
    private long folded;
    private int unjudged;

    public Partition(int number, EmbeddedEngine engine, SymbolOutput output, EmbeddedOptions options)
    {
        Number = number;
        this.engine = engine;
        this.output = output;
        runner = new SymbolRunner(output);
        this.options = options;
        collecting = new CommitGroup(this, options.GroupRecords);
        idle.Push(new CommitGroup(this, options.GroupRecords));
        idle.Push(new CommitGroup(this, options.GroupRecords));
        symbols = new PartitionSymbols(engine, options, Post);
        pace = new CommitPace(options.GatherAtMost);
        thread = new Thread(Run) { IsBackground = true, Name = $"partition {number}" };
    }

    public int Number { get; }

    public SymbolOutput Output => output;

    public PartitionStatus Status
    {
        get
        {
            var since = Interlocked.Read(ref oldest);
            var lag = since == 0 ? TimeSpan.Zero : options.Clock.GetElapsedTime(since);
            return new PartitionStatus(
                Number, "this process", symbols.Count, Interlocked.Read(ref folded), Volatile.Read(ref unjudged), lag);
        }
    }

    /// <summary>Its symbols. Only before the thread runs; afterwards with <see cref="AskAsync"/>.</summary>
    public PartitionSymbols Symbols => symbols;

    public void Start() => thread.Start();

    public void Enqueue(Part part)
    {
        lock (sync)
        {
            queue.Enqueue(part);
            Volatile.Write(ref unjudged, unjudged + part.Count);
            if (oldest == 0) Interlocked.Exchange(ref oldest, part.Since);
            Monitor.Pulse(sync);
        }
    }

    /// <summary>Runs a function on its thread, between records.</summary>
    public Task<T> AskAsync<T>(Func<PartitionSymbols, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (sync)
        {
            if (isStopped) return Task.FromException<T>(engine.Stopped());
            commands.Enqueue(() =>
            {
                if (isStopped) answer.TrySetException(engine.Stopped());
                else answer.TrySetResult(question(symbols));
            });
            Monitor.Pulse(sync);
        }

        return answer.Task;
    }

    /// <summary>Runs an action on its thread, between records; dropped if the thread has ended.</summary>
    private void Post(Action command)
    {
        lock (sync)
        {
            if (isStopped) return;
            commands.Enqueue(command);
            Monitor.Pulse(sync);
        }
    }

    /// <summary>The group in progress is durable.</summary>
    public void OnCommitted()
    {
        lock (sync)
        {
            isCommitted = true;
            Monitor.Pulse(sync);
        }
    }

    public void Stop()
    {
        lock (sync)
        {
            isStopped = true;
            Monitor.Pulse(sync);
        }
    }

    public void Join()
    {
        if (thread.IsAlive && thread != Thread.CurrentThread) thread.Join();
    }

    private void Run()
    {
        try
        {
            while (WaitForWork(out var command))
            {
                command?.Invoke();
                Turn();
            }
        }
        catch (Exception e)
        {
            engine.Fail(e);
        }

        AnswerTheLast();
    }

    private bool WaitForWork(out Action? command)
    {
        lock (sync)
        {
            while (!isStopped && commands.Count == 0 && !isCommitted && !CanCollect() && !CanSubmit()) Monitor.Wait(sync, UntilSubmit());
            command = null;
            if (isStopped) return false;
            commands.TryDequeue(out command);
            return true;
        }
    }

    private bool CanCollect() => !collecting.IsFull
        && (symbols.Passivated.AreAwaited
            || ((current is not null || queue.Count > 0) && !IsClockBehindRecords() && !IsClockBehindSleepers()));

    private bool CanSubmit() => IsSubmitWanted() && (collecting.IsFull || pace.Left == TimeSpan.Zero);

    private bool IsSubmitWanted() => inFlight is null && !collecting.IsUntouched;

    /// <summary>Time to wait when nothing arrives, in milliseconds.</summary>
    private int UntilSubmit() => IsSubmitWanted() ? Math.Max(1, (int)Math.Ceiling(pace.Left.TotalMilliseconds)) : Timeout.Infinite;

    /// <summary>An advance of the clock is an event of its own, so the records collected before it are handed over first.</summary>
    private bool IsClockBehindRecords() => current is { Clock: not null } && !collecting.IsUntouched;

    /// <summary>
    /// An advance of the clock also waits for the symbols that it activates, and for those with deferred earlier records.
    /// </summary>
    private bool IsClockBehindSleepers() => current is { HasWoken: true } && symbols.Passivated.AreWaking;

    private void Turn()
    {
        CommitGroup? durable = null;
        lock (sync)
        {
            if (isCommitted)
            {
                isCommitted = false;
                durable = inFlight;
                inFlight = null;
            }
        }

        // Hand over the collected records before folding the durable ones, so that the disk works meanwhile.
        if (durable is null || collecting.IsUntouched) Collect();
        if (CanSubmit()) Submit();
        if (durable is not null) FoldGroup(durable);
    }

    private void Collect()
    {
        JudgeAwaited();
        while (!collecting.IsFull && NextPart() && !IsClockBehindRecords())
        {
            var part = current!;
            if (part.Clock is { } to)
            {
                if (!CanSeal(part, to)) return;
                collecting.Seal(encoder, to, symbols.Active, symbols.Passivated.Asleep);
                symbols.Passivated.Hold();
            }
            else
            {
                Judge(part);
                if (part.Judged < part.Count) continue;
            }

            if (part.IsJudged) collecting.Finished.Add(part); // otherwise when its last deferred record is decided
            current = null;
        }
    }

    private bool CanSeal(Part part, Timestamp clock)
    {
        if (!part.HasWoken) symbols.Passivated.WakeUntil(symbols, clock);
        part.HasWoken = true;
        return !symbols.Passivated.AreWaking;
    }

    /// <summary>Decides on the records that were deferred until their symbols were active.</summary>
    private void JudgeAwaited()
    {
        var judged = 0;
        while (symbols.Passivated.AreAwaited && !collecting.IsFull)
        {
            var woken = symbols.Passivated.NextAwaited();
            while (woken.IsAwaited && !collecting.IsFull)
            {
                var (part, at) = woken.Next();
                JudgeAwaited(woken.Awake!, part, at);
                judged++;
            }

            if (!woken.IsAwaited) symbols.EndAwaited();
        }

        if (judged > 0) NoteJudged(judged);
    }

    private void JudgeAwaited(HostedSymbol symbol, Part part, int at)
    {
        var index = part.Indexes is { } indexes ? indexes[at] : at;
        ref readonly var record = ref part.Owner.Records.Span[index];
        var decision = SymbolRunner.Judge(symbol.State, record);
        if (decision.Verdict == Verdict.Accepted) collecting.Accept(symbol, part, index);
        else NotAccepted(decision, record, part, index);
        collecting.Judged++;
        if (part.IsJudged) collecting.Finished.Add(part);
    }

    private bool NextPart()
    {
        if (current is not null) return true;
        lock (sync) queue.TryDequeue(out current);
        if (current is not null) return true;
        return false;
    }

    private void Judge(Part part)
    {
        var batch = part.Owner.Records.Span;
        var end = Math.Min(part.Count, part.Judged + collecting.Capacity - collecting.Judged);
        var begun = part.Judged;
        var deferred = 0;
        var subscriptions = engine.Subscriptions.Current;
        for (var at = begun; at < end; at++)
        {
            var index = part.Indexes is { } indexes ? indexes[at] : at;
            ref readonly var record = ref batch[index];
            HostedSymbol? symbol = null;
            Decision decision;
            if (!subscriptions.Take(record.Symbol))
            {
                decision = Decision.Rejected(RejectReason.NotSubscribed);
            }
            else if ((symbol = symbols.Find(record.Symbol)) is not null)
            {
                decision = SymbolRunner.Judge(symbol.State, record);
            }
            else if (symbols.Passivated.TryDefer(symbols, record.Symbol, part, at))
            {
                deferred++;
                continue;
            }
            else
            {
                decision = SymbolRunner.JudgeFirst(symbols.PlanOf(record.Symbol), record, out var born);
                if (born is not null) symbols.Host(symbol = new HostedSymbol(born));
            }

            if (decision.Verdict == Verdict.Accepted) collecting.Accept(symbol!, part, index);
            else NotAccepted(decision, record, part, index);
        }

        part.Judged = end;
        collecting.Judged += end - begun - deferred;
        NoteJudged(end - begun - deferred);
    }

    private void NotAccepted(Decision decision, in Record record, Part part, int index)
    {
        if (decision.Verdict == Verdict.Duplicate)
        {
            symbols.Ledger.Count(record.Id.Source, RecordOutcome.Duplicate);
            part.Outcome.Count(RecordOutcome.Duplicate);
            return;
        }

        symbols.Ledger.AddRefused(record.Id.Source);
        part.Outcome.Reject(index, record, decision.Reason, symbols.PlanOf(record.Symbol).Settings);
    }

    private void NoteJudged(int records)
    {
        lock (sync)
        {
            Volatile.Write(ref unjudged, unjudged - records);
            var next = current is { } part && part.Judged < part.Count ? part : queue.Count > 0 ? queue.Peek() : null;
            Interlocked.Exchange(ref oldest, next?.Since ?? 0);
        }
    }

    private void Submit()
    {
        if (collecting.Clock is null) collecting.Seal(encoder, scratch);
        inFlight = collecting;
        pace.Note(inFlight.Runs.Count);
        collecting = idle.Pop();
        if (inFlight.IsEmpty) isCommitted = true; // nothing of it needs a write, and everything before it is durable
        else engine.Journal.Enqueue(inFlight);
    }

    private void FoldGroup(CommitGroup group)
    {
        var runs = group.Runs;
        for (var first = 0; first < runs.Count; first += Ahead)
        {
            var count = Math.Min(Ahead, runs.Count - first);
            for (var i = 0; i < count; i++) states[i] = runs[first + i].Symbol.State;
            SymbolState.Prefetch(states.AsSpan(0, count));
            for (var i = 0; i < count; i++) FoldRun(group, runs[first + i]);
        }

        if (group.Clock is not null) symbols.Passivated.Release();
        engine.Administrator.Take(output.Signals);
        output.Signals.Clear();
        symbols.Snapshots.HandTo(engine.Journal); // after the signals: a snapshot must not cover a signal that is not in the log
        Interlocked.Add(ref folded, group.Judged);
        engine.Gate.Leave(Number, group.Judged);
        foreach (var part in group.Finished)
        {
            if (part.Owner.FinishPart()) engine.Gate.Finish(part.Owner);
        }

        group.Clear();
        idle.Push(group);
    }

    private void FoldRun(CommitGroup group, in CommitGroup.Run run)
    {
        var symbol = run.Symbol;
        runner.Begin(symbol);
        if (group.Clock is { } clock)
        {
            runner.Apply(symbol.State, clock);
        }
        else
        {
            symbol.LastTurn = symbols.Turn;
            for (var at = run.Start; at < run.Start + run.Count; at++)
            {
                ref readonly var record = ref group.RecordAt(at, out var part);
                var outcome = runner.Apply(symbol.State, record);
                symbols.Ledger.Count(record, outcome, symbol.State.Plan);
                part.Outcome.Count(outcome);
            }
        }

        symbol.LastFolded = run.Event;
        if (symbols.Snapshots.IsDue(symbol)) symbols.Snapshots.Take(symbol);
    }

    private void AnswerTheLast()
    {
        while (true)
        {
            Action? command;
            lock (sync)
            {
                isStopped = true;
                if (!commands.TryDequeue(out command)) return;
            }

            command();
        }
    }
}
