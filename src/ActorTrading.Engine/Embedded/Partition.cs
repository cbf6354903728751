using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded.Replanning;
using ActorTrading.Engine.Embedded.Sleeping;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// A single-writer loop and the symbols that it hosts. It decides on records as they arrive, collects the accepted ones while a commit is
/// in progress, hands them to the journal when that commit ends, and folds them only when they are durable. Everything except the queue is
/// used by its thread only.
/// </summary>
internal sealed class Partition
{
    private const int Ahead = 32;
    /// <summary>Number of sweeps without a record after which a symbol is passivated.</summary>
    public const int TurnsAwake = 4;

    private const int PutToSleepAtOnce = 64;

    private readonly EmbeddedEngine engine;
    private readonly EmbeddedOptions options;
    private readonly SymbolOutput output;
    private readonly SymbolRunner runner;
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
    private readonly PassivatedSymbols passivated;
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
    private int awake;
    private int unjudged;
    private int turn;
    private int isSweeping;
    private int members;

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
        snapshots = new SnapshotTaker(options);
        passivated = new PassivatedSymbols(new SymbolReads(engine.Store, symbol => Post(() => Read(symbol)), engine.Fail));
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
                Number, "this process", Volatile.Read(ref hosted), Interlocked.Read(ref folded), Volatile.Read(ref unjudged), lag);
        }
    }

    /// <summary>The active symbols. Only on its thread, or before the thread runs.</summary>
    public IReadOnlyCollection<HostedSymbol> Symbols => symbols.Values;

    /// <summary>The passivated symbols. Only on its thread, or before the thread runs.</summary>
    public IEnumerable<PassivatedSymbol> Asleep => passivated.All;

    /// <summary>Number of active symbols. Thread-safe.</summary>
    public int Awake => Volatile.Read(ref awake);

    /// <summary>Changes when a symbol is added or removed; not when a symbol is activated or passivated. Thread-safe.</summary>
    public int Members => Volatile.Read(ref members);

    public Ledger Ledger => ledger;

    public HostedSymbol? Find(Symbol symbol) => symbols.GetValueOrDefault(symbol);

    /// <summary>
    /// A read of a passivated symbol from the journal; null if the symbol is active or has no records. Only on its thread.
    /// </summary>
    public PassivatedRead? LookAt(Symbol symbol) =>
        passivated.Find(symbol) is { HasRecords: true } sleeper ? new PassivatedRead(sleeper.Copy(), PlanOf(symbol), engine.Store) : null;

    /// <summary>Adds a symbol. Only on its thread, or before the thread runs.</summary>
    public void Host(HostedSymbol symbol)
    {
        Add(symbol);
        Volatile.Write(ref members, members + 1);
    }

    /// <summary>Adds a symbol as passivated. Before its thread runs.</summary>
    public void HostAsleep(HostedSymbol symbol)
    {
        passivated.Add(symbol);
        Volatile.Write(ref members, members + 1);
        NoteCounts();
    }

    private void Add(HostedSymbol symbol)
    {
        symbol.LastTurn = turn;
        symbols.Add(symbol.Symbol, symbol);
        NoteCounts();
    }

    private void NoteCounts()
    {
        Volatile.Write(ref awake, symbols.Count);
        Volatile.Write(ref hosted, symbols.Count + passivated.Count);
    }

    /// <summary>Sets the plan of new symbols. Before its thread runs.</summary>
    public void Begin(Plan plan) => plans = new CompiledPlans(plan);

    /// <summary>Switches to another plan, with the states that it gives. Only on its thread, while nothing is being folded.</summary>
    public void SwitchPlan(Plan plan, Refold refold)
    {
        var before = plans;
        plans = new CompiledPlans(plan);
        foreach (var symbol in symbols.Values)
        {
            if (refold.Find(symbol.Id) is { } folded) symbol.SwitchPlan(folded);
        }

        foreach (var sleeper in passivated.Asleep.ToList())
        {
            // Folded with the new plan, the symbol is already in memory. It is passivated again, with a snapshot, after its idle time.
            if (refold.Find(PersistenceIds.Of(sleeper.Symbol)) is not { } folded) continue;
            passivated.Remove(sleeper.Symbol);
            Add(sleeper.SwitchPlan(folded, before.Of(sleeper.Symbol)));
        }
    }

    /// <summary>
    /// A symbol that the plan changes and that was not folded with it up to its last event; null if there is none. Only on its thread.
    /// </summary>
    public Symbol? FindBehind(Plan plan, Refold refold) =>
        symbols.Values.FirstOrDefault(symbol => IsBehind(symbol.Symbol, symbol.LastFolded, plan, refold))?.Symbol
        ?? passivated.All.FirstOrDefault(sleeper => IsBehind(sleeper.Symbol, sleeper.LastEvent, plan, refold))?.Symbol;

    private bool IsBehind(Symbol symbol, long lastEvent, Plan plan, Refold refold) =>
        plan.For(symbol).Hash != PlanOf(symbol).Settings.Hash && refold.Find(PersistenceIds.Of(symbol))?.LastFolded != lastEvent;

    /// <summary>The compiled plan of a symbol. Only on its thread, or before the thread runs.</summary>
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

    /// <summary>Runs a function on its thread, between records.</summary>
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

    /// <summary>A symbol that is to be deleted; null if it does not exist. Only on its thread, while nothing is being folded.</summary>
    public RememberedSymbol? Remember(Symbol symbol)
    {
        var (current, sleeper) = (Find(symbol), passivated.Find(symbol));
        return current is null && sleeper is null ? null : new RememberedSymbol(current, sleeper?.Copy(), PlanOf(symbol));
    }

    /// <summary>Marks a symbol as deleted; what is left of it is passivated. Only on its thread, while nothing is being folded.</summary>
    public void Delete(SymbolDeleted deleted, long sequenceNumber)
    {
        symbols.Remove(deleted.Symbol);
        passivated.Remove(deleted.Symbol);
        var gone = new HostedSymbol(new SymbolState(deleted.Symbol, PlanOf(deleted.Symbol)));
        gone.Delete(deleted, sequenceNumber);
        gone.NoteSnapshot();
        passivated.Add(gone);
        Volatile.Write(ref members, members + 1);
        NoteCounts();
    }

    /// <summary>
    /// Passivates symbols without a record during the last sweeps. Thread-safe. The work is done on its own thread between records, in
    /// slices.
    /// </summary>
    public void Sweep()
    {
        if (Interlocked.Exchange(ref isSweeping, 1) == 0) Post(BeginSweep);
    }

    private void BeginSweep()
    {
        turn++;
        SweepOn([.. symbols.Values.Where(IsIdle)], 0);
    }

    private void SweepOn(HostedSymbol[] idle, int begun)
    {
        var end = Math.Min(idle.Length, begun + PutToSleepAtOnce);
        foreach (var symbol in idle.AsSpan(begun..end))
        {
            if (IsIdle(symbol)) PutToSleep(symbol);
        }

        snapshots.HandTo(engine.Journal);
        NoteCounts();
        if (end < idle.Length) Post(() => SweepOn(idle, end));
        else Volatile.Write(ref isSweeping, 0);
    }

    private bool IsIdle(HostedSymbol symbol) => turn - symbol.LastTurn > TurnsAwake && symbol.IsSettled;

    private void PutToSleep(HostedSymbol symbol)
    {
        symbols.Remove(symbol.Symbol);
        if (symbol.LastEvent == 0)
        {
            Volatile.Write(ref members, members + 1); // the first accepted record of the symbol
            return;
        }

        if (symbol.IsSnapshotWorthwhile) snapshots.Take(symbol);
        passivated.Add(symbol);
    }

    /// <summary>A symbol was read from the journal.</summary>
    private void Read(ActivatingSymbol symbol)
    {
        if (passivated.Read(symbol) is { } woken) AddWoken(woken, turn - TurnsAwake); // for the clock only: passivated at the next sweep
    }

    private void AddWoken(HostedSymbol symbol, int lastTurn)
    {
        Add(symbol);
        symbol.LastTurn = lastTurn;
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

    /// <summary>Hands snapshots to the journal for all symbols with enough changes since their last snapshot. Only on its thread.</summary>
    public void TakeAllSnapshots()
    {
        foreach (var symbol in symbols.Values)
        {
            if (symbol.IsSnapshotWorthwhile) snapshots.Take(symbol);
        }

        snapshots.HandTo(engine.Journal);
    }

    /// <summary>Hands a snapshot of a symbol to the journal. Only on its thread.</summary>
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

    private bool CanCollect() => !collecting.IsFull
        && (passivated.AreAwaited || ((current is not null || queue.Count > 0) && !IsClockBehindRecords() && !IsClockBehindSleepers()));

    private bool CanSubmit() => IsSubmitWanted() && (collecting.IsFull || pace.Left == TimeSpan.Zero);

    private bool IsSubmitWanted() => inFlight is null && !collecting.IsUntouched;

    /// <summary>Time to wait when nothing arrives, in milliseconds.</summary>
    private int UntilSubmit() => IsSubmitWanted() ? Math.Max(1, (int)Math.Ceiling(pace.Left.TotalMilliseconds)) : Timeout.Infinite;

    /// <summary>An advance of the clock is an event of its own, so the records collected before it are handed over first.</summary>
    private bool IsClockBehindRecords() => current is { Clock: not null } && !collecting.IsUntouched;

    /// <summary>
    /// An advance of the clock also waits for the symbols that it activates, and for those with deferred earlier records.
    /// </summary>
    private bool IsClockBehindSleepers() => current is { HasWoken: true } && passivated.AreWaking;

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
                collecting.Seal(encoder, to, symbols.Values, passivated.Asleep);
                passivated.Hold();
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
        if (!part.HasWoken) passivated.WakeUntil(this, clock);
        part.HasWoken = true;
        return !passivated.AreWaking;
    }

    /// <summary>Decides on the records that were deferred until their symbols were active.</summary>
    private void JudgeAwaited()
    {
        var judged = 0;
        while (passivated.AreAwaited && !collecting.IsFull)
        {
            var woken = passivated.NextAwaited();
            while (woken.IsAwaited && !collecting.IsFull)
            {
                var (part, at) = woken.Next();
                JudgeAwaited(woken.Awake!, part, at);
                judged++;
            }

            if (!woken.IsAwaited) AddWoken(passivated.EndAwaited(), turn);
        }

        if (judged > 0) NoteJudged(judged);
    }

    private void JudgeAwaited(HostedSymbol symbol, Part part, int at)
    {
        var index = part.Indexes is { } indexes ? indexes[at] : at;
        ref readonly var record = ref part.Owner.Records.Span[index];
        var decision = SymbolRunner.Judge(symbol, record);
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
            else if (symbols.TryGetValue(record.Symbol, out symbol))
            {
                decision = SymbolRunner.Judge(symbol, record);
            }
            else if (passivated.TryDefer(this, record.Symbol, part, at))
            {
                deferred++;
                continue;
            }
            else
            {
                decision = SymbolRunner.JudgeFirst(PlanOf(record.Symbol), record, out symbol);
                if (symbol is not null) Host(symbol);
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
            ledger.Count(record.Id.Source, RecordOutcome.Duplicate);
            part.Outcome.Count(RecordOutcome.Duplicate);
            return;
        }

        ledger.AddRefused(record.Id.Source);
        part.Outcome.Reject(index, record, decision.Reason, PlanOf(record.Symbol).Settings);
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

        if (group.Clock is not null) passivated.Release();
        engine.Administrator.Take(output.Signals);
        output.Signals.Clear();
        snapshots.HandTo(engine.Journal); // after the signals: a snapshot must not cover a signal that is not in the log
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
            runner.Apply(symbol, clock);
        }
        else
        {
            symbol.LastTurn = turn;
            for (var at = run.Start; at < run.Start + run.Count; at++)
            {
                ref readonly var record = ref group.RecordAt(at, out var part);
                var outcome = runner.Apply(symbol, record);
                ledger.Count(record, outcome, symbol.State.Plan);
                part.Outcome.Count(outcome);
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
