using System.Runtime.CompilerServices;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Deleting;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Explaining;
using ActorTrading.Wire;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Ingest;

/// <summary>
/// An engine in memory whose disk the test holds in its hand: a batch is durable, and folded, when the test commits it, or at
/// once. A crash drops what is not durable; then nothing is taken until a restart has built the state anew from what is.
/// </summary>
public sealed class ControlledEngine(bool commitsAtOnce = true, int capacity = int.MaxValue) : IEngine
{
    private readonly Lock gate = new();
    private readonly Queue<(Record[] Records, TaskCompletionSource<IngestResult> Done)> waiting = [];
    private readonly List<Record> durable = [];
    private readonly List<RejectedInput> refused = [];
    private TaskCompletionSource room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Market? market;

    public Plan Plan { get; } = Plan.Parse("""{"frames":["1min"],"indicators":["ema(3)"],"rules":["buy when close > ema(3) on 1min"]}""");

    /// <summary>Asked at each batch: whether the machine fails now, and whether the batch is on the disk by then.</summary>
    public Func<(bool Crashes, bool IsDurable)> Fate { get; init; } = () => (false, true);

    public int Waiting
    {
        get
        {
            lock (gate) return waiting.Count;
        }
    }

    public int Crashes { get; private set; }

    public bool IsDown { get; private set; }

    public long Durable
    {
        get
        {
            lock (gate) return durable.Count;
        }
    }

    public IReadOnlyList<KeyValuePair<Symbol, StateHash>> Hashes
    {
        get
        {
            lock (gate) return Current.Hashes();
        }
    }

    public LedgerLine Total
    {
        get
        {
            lock (gate) return Current.Ledger.Total();
        }
    }

    /// <summary>Every record that is durable, in its order.</summary>
    public IReadOnlyList<Record> Records
    {
        get
        {
            lock (gate) return [.. durable];
        }
    }

    public IReadOnlyList<PartitionStatus> Partitions => [];

    private Market Current => market ??= new Market(Plan, NoOutput.Instance, refused.Add);

    public async ValueTask<Admitted<IngestResult>> SubmitAsync(ReadOnlyMemory<Record> records, CancellationToken cancellation = default)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (IsDown) throw new EngineStoppedException("it has crashed");
                if (waiting.Count < capacity)
                {
                    var done = new TaskCompletionSource<IngestResult>(TaskCreationOptions.RunContinuationsAsynchronously);
                    waiting.Enqueue((records.ToArray(), done));
                    if (commitsAtOnce) Commit();
                    return new(done.Task);
                }

                wait = room.Task;
            }

            await wait.WaitAsync(cancellation);
        }
    }

    /// <summary>Makes the oldest batch durable and folds it.</summary>
    public void Commit()
    {
        lock (gate)
        {
            var (records, done) = waiting.Dequeue();
            var (crashes, isDurable) = Fate();
            if (isDurable) durable.AddRange(records);
            if (crashes)
            {
                Crash(done);
            }
            else
            {
                done.SetResult(Take(records));
            }

            room.TrySetResult();
            room = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Crash(TaskCompletionSource<IngestResult> current)
    {
        Crashes++;
        IsDown = true;
        current.SetException(new EngineStoppedException("crashed"));
        while (waiting.TryDequeue(out var lost)) lost.Done.SetException(new EngineStoppedException("crashed"));
    }

    /// <summary>Begins anew with what is durable.</summary>
    public void Restart()
    {
        lock (gate)
        {
            market = null;
            foreach (var record in durable) Current.OnRecord(record);
            IsDown = false;
        }
    }

    private IngestResult Take(Record[] records)
    {
        var before = Current.Ledger.Total();
        List<RejectedRecord> answers = [];
        for (var i = 0; i < records.Length; i++)
        {
            refused.Clear();
            Current.OnRecord(records[i]);
            _ = Current.Ledger; // folds what waits
            if (refused.Count > 0) answers.Add(new RejectedRecord(i, refused[0].Rejection));
        }

        var after = Current.Ledger.Total();
        return new IngestResult(
            (int)(after.Applied - before.Applied), (int)(after.Late - before.Late), (int)(after.Duplicate - before.Duplicate), answers);
    }

    public Task AdvanceClockAsync(Timestamp to, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<SymbolState?> StateAsync(Symbol symbol, Timestamp? at = null, CancellationToken cancellation = default)
    {
        lock (gate) return Task.FromResult(Current.Find(symbol)?.Clone());
    }

    public IAsyncEnumerable<SymbolState> StatesAsync(Symbol symbol, TimeSpan every, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<SymbolSummary>> SymbolsAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<IReadOnlyCollection<Symbol>> SymbolNamesAsync(CancellationToken cancellation = default)
    {
        lock (gate) return Task.FromResult<IReadOnlyCollection<Symbol>>([.. Current.Symbols.Select(state => state.Symbol)]);
    }

    public Task<IReadOnlyList<SymbolReading>> ReadingsAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<LedgerLine>> LedgerAsync(CancellationToken cancellation = default)
    {
        lock (gate)
        {
            var copy = new Ledger();
            copy.Add(Current.Ledger);
            return Task.FromResult<IReadOnlyList<LedgerLine>>([.. copy.Lines]);
        }
    }

    public async IAsyncEnumerable<LoggedSignal> SignalsAsync(
        long afterPosition, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        yield break;
    }

    public async IAsyncEnumerable<IReadOnlyList<MarketReading>> MarketAsync(
        TimeSpan every, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        yield break;
    }

    public async IAsyncEnumerable<LiveEvent> LiveAsync(LiveFilter filter, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        yield break;
    }

    public Task<StateHash> HashAsync(CancellationToken cancellation = default)
    {
        lock (gate) return Task.FromResult(Current.Hash());
    }

    public IAsyncEnumerable<JournaledRecords> RecordsAsync(long afterPosition, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<long> JournalEndAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public IAsyncEnumerable<JournaledBar> BarsAsync(long afterPosition, BarFilter filter, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<BarClosed> BarsAsync(
        Symbol symbol, Frame frame, Timestamp from, Timestamp to, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<SignalExplanation?> ExplainAsync(string signalId, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task ChangePlanAsync(Plan plan, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<ExclusionOutcome> ExcludeAsync(Symbol symbol, ExclusionRequest request, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<ExclusionOutcome> IncludeAsync(Symbol symbol, long number, string by = "", CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task SubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task UnsubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<DeletionOutcome> DeleteSymbolAsync(Symbol symbol, string by = "", CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task ClearSubscriptionsAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<Subscriptions> SubscriptionsAsync(CancellationToken cancellation = default) => Task.FromResult(Subscriptions.Everything);

    public Task DrainAsync(CancellationToken cancellation = default) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}
