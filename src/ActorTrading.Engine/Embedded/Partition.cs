using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded.Replanning;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// One single-writer loop and the symbols that it hosts. It judges records as they come, collects the accepted ones while a commit is
/// under way, hands them to the journal when that ends, and only then folds what has become durable. Everything but the queue
/// belongs to its thread.
/// </summary>
internal sealed class Partition
{
    private const int Ahead = 32;

    private readonly EmbeddedEngine engine;
    private readonly EmbeddedOptions options;
    private readonly PartitionOutput output;
    private readonly Thread thread;
    private readonly object sync = new();
    private readonly Queue<Part> queue = new();
    private readonly Queue<Action> commands = new();
    private readonly Dictionary<Symbol, HostedSymbol> symbols = [];
    private readonly Ledger ledger = new();
    private readonly EventEncoder encoder = new();
    private readonly RecordScratch scratch = new();
    private readonly SymbolState[] states = new SymbolState[Ahead];
    private readonly Stack<CommitGroup> idle = new();
    private readonly SnapshotTaker snapshots;
    private CompiledPlans plans = new(Plan.Default);
    private readonly CommitPace pace;
    private CommitGroup collecting;
    private CommitGroup? inFlight;
    private Part? current;
    private bool isCommitted;
    private bool isStopped;
    private long oldest;
    private long folded;
    private int hosted;
    private int unjudged;

    public Partition(int number, EmbeddedEngine engine, PartitionOutput output, EmbeddedOptions options)
    {
        Number = number;
        this.engine = engine;
        this.output = output;
        this.options = options;
        collecting = new CommitGroup(this, options.GroupRecords);
        idle.Push(new CommitGroup(this, options.GroupRecords));
        idle.Push(new CommitGroup(this, options.GroupRecords));
        snapshots = new SnapshotTaker(options);
        pace = new CommitPace(options.GatherAtMost);
        thread = new Thread(Run) { IsBackground = true, Name = $"partition {number}" };
    }

    public int Number { get; }

    public PartitionOutput Output => output;

    public PartitionStatus Status
    {
        get
        {
            var since = Interlocked.Read(ref oldest);
            var lag = since == 0 ? TimeSpan.Zero : options.Clock.GetElapsedTime(since);
            return new PartitionStatus(
                Number, "this process", Volatile.Read(ref hosted), Interlocked.Read(ref folded), Volatile.Read(ref unjudged), lag);
        }
    }

    /// <summary>Every symbol hosted. Only for its thread, and before that runs.</summary>
    public IEnumerable<HostedSymbol> Symbols => symbols.Values;

    public Ledger Ledger => ledger;

    public HostedSymbol? Find(Symbol symbol) => symbols.GetValueOrDefault(symbol);

    /// <summary>Gives a symbol its place. Only for its thread, and before that runs.</summary>
    public HostedSymbol Host(SymbolState state)
    {
        var added = new HostedSymbol(state);
        symbols.Add(state.Symbol, added);
        Volatile.Write(ref hosted, symbols.Count);
        return added;
    }

    /// <summary>The plan of the symbols to come. Before its thread runs.</summary>
    public void Begin(Plan plan) => plans = new CompiledPlans(plan);

    /// <summary>Takes over what another plan has made of its symbols. Only for its thread, and when nothing is being folded.</summary>
    public void GoOver(Plan plan, Refold refold)
    {
        plans = new CompiledPlans(plan);
        foreach (var symbol in symbols.Values)
        {
            if (refold.Find(symbol.Id) is { } folded) symbol.GoOver(folded);
        }
    }

    /// <summary>What a symbol is folded by. Only for its thread, and before that runs.</summary>
    public SymbolPlan PlanOf(Symbol symbol) => plans.Of(symbol);

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

    /// <summary>Runs something on its thread, between records.</summary>
    public Task<T> AskAsync<T>(Func<Partition, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (sync)
        {
            if (isStopped) return Task.FromException<T>(engine.Stopped());
            commands.Enqueue(() =>
            {
                if (isStopped) answer.TrySetException(engine.Stopped());
                else answer.TrySetResult(question(this));
            });
            Monitor.Pulse(sync);
        }

        return answer.Task;
    }

    /// <summary>The group in flight is durable.</summary>
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

    /// <summary>Hands snapshots of everything that has changed since its last one to the journal. Only for its thread.</summary>
    public void TakeAllSnapshots()
    {
        foreach (var symbol in symbols.Values)
        {
            if (symbol.LastFolded > symbol.LastSnapshot) snapshots.Take(symbol);
        }

        snapshots.HandTo(engine.Journal);
    }

    /// <summary>Hands a snapshot of a symbol to the journal. Only for its thread.</summary>
    public void TakeSnapshot(HostedSymbol symbol)
    {
        snapshots.Take(symbol);
        snapshots.HandTo(engine.Journal);
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

    private bool CanCollect() => (current is not null || queue.Count > 0) && !collecting.IsFull && !IsClockBehindRecords();

    private bool CanSubmit() => IsSubmitWanted() && (collecting.IsFull || pace.Left == TimeSpan.Zero);

    private bool IsSubmitWanted() => inFlight is null && !collecting.IsUntouched;

    /// <summary>For how long there is nothing to do unless something comes, in milliseconds.</summary>
    private int UntilSubmit() => IsSubmitWanted() ? Math.Max(1, (int)Math.Ceiling(pace.Left.TotalMilliseconds)) : Timeout.Infinite;

    /// <summary>An advance of the clock is an event of its own, so what was collected before it goes first.</summary>
    private bool IsClockBehindRecords() => current is { Clock: not null } && !collecting.IsUntouched;

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

        // What is collected goes on its way before what has arrived is folded, so that the disk has something to do meanwhile.
        if (durable is null || collecting.IsUntouched) Collect();
        if (CanSubmit()) Submit();
        if (durable is not null) FoldGroup(durable);
    }

    private void Collect()
    {
        while (!collecting.IsFull && NextPart() && !IsClockBehindRecords())
        {
            var part = current!;
            if (part.Clock is { } to)
            {
                collecting.Seal(encoder, to, symbols.Values);
            }
            else
            {
                Judge(part);
                if (part.Judged < part.Count) return;
            }

            collecting.Finished.Add(part);
            current = null;
        }
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
        var subscriptions = engine.Subscriptions.Current;
        for (var at = begun; at < end; at++)
        {
            var index = part.Indexes is { } indexes ? indexes[at] : at;
            ref readonly var record = ref batch[index];
            HostedSymbol? symbol = null;
            var decision = !subscriptions.Take(record.Symbol) ? Decision.Rejected(RejectReason.NotSubscribed)
                : symbols.TryGetValue(record.Symbol, out symbol) ? Fold.Decide(symbol.State, record)
                : DecideFirst(record, out symbol);
            switch (decision.Verdict)
            {
                case Verdict.Accepted:
                    collecting.Accept(symbol!, part, index);
                    break;
                case Verdict.Duplicate:
                    part.Duplicate++;
                    var known = ledger.Of(record.Id.Source);
                    known.Received++;
                    known.Duplicate++;
                    break;
                default:
                    ledger.AddRefused(record.Id.Source);
                    (part.Refused ??= []).Add(new RefusedRecord(index, TickRules.Explain(record, decision.Reason, PlanOf(record.Symbol).Settings)));
                    break;
            }
        }

        part.Judged = end;
        collecting.Judged += end - begun;
        NoteJudged(end - begun);
    }

    private Decision DecideFirst(in Record record, out HostedSymbol? symbol)
    {
        var decision = Fold.DecideFirst(PlanOf(record.Symbol), record, out var state);
        symbol = state is null ? null : Host(state);
        return decision;
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
        if (inFlight.IsEmpty) isCommitted = true; // nothing of it is to be written, and all before it is durable
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

        engine.Administrator.Take(output.Signals);
        output.Signals.Clear();
        snapshots.HandTo(engine.Journal); // behind the signals, so that none is covered that is not in the log
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
        output.Folding = symbol;
        if (group.Clock is { } clock)
        {
            Fold.Apply(symbol.State, new ClockAdvanced(symbol.Symbol, clock), output);
        }
        else
        {
            var isLookedAt = output.WantsTicks(symbol.Symbol);
            for (var at = run.Start; at < run.Start + run.Count; at++)
            {
                ref readonly var record = ref group.RecordAt(at, out var part);
                var line = ledger.Of(record.Id.Source);
                line.Received++;
                if (Fold.IsRounded(symbol.State.Plan, record)) line.Rounded++;
                if (Fold.Apply(symbol.State, record, output))
                {
                    line.Applied++;
                    part.Applied++;
                }
                else
                {
                    line.Late++;
                    part.Late++;
                }

                if (isLookedAt) output.OnTick(record);
            }
        }

        symbol.LastFolded = run.Event;
        if (snapshots.IsDue(symbol)) snapshots.Take(symbol);
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
