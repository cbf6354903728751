using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Symbols;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine;

/// <summary>
/// In-memory fold of all symbols of a plan, in the order of the records. Backtests run on it, and it is the reference for every other
/// engine. Accepts records from any decoder and folds them in blocks of 64, so that the memory of one symbol is prefetched while another is
/// folded. Not thread-safe.
/// </summary>
public sealed class Market(
    Plan plan, IFoldOutput output, Action<RejectedInput>? onRejected = null, ReadPosition? position = null) : IRecordSink
{
    private const int BlockSize = 64;

    private readonly SymbolRunner runner = new(output);
    private readonly Dictionary<Symbol, SymbolState> symbols = [];
    private readonly CompiledPlans plans = new(plan);
    private readonly Ledger ledger = new();
    private readonly Record[] block = new Record[BlockSize];
    private readonly SymbolState[] states = new SymbolState[BlockSize];
    private readonly long[] lines = new long[BlockSize];
    private int waiting;

    /// <summary>The plan of all symbols.</summary>
    public Plan Plan => plan;

    /// <summary>Counts of all received input, per source.</summary>
    public Ledger Ledger
    {
        get
        {
            FoldWaiting();
            return ledger;
        }
    }

    /// <summary>The input line of the record that is being folded; 0 if unknown.</summary>
    public long Line { get; private set; }

    /// <summary>All symbols with at least one accepted record, ordered by name.</summary>
    public IEnumerable<SymbolState> Symbols
    {
        get
        {
            FoldWaiting();
            return symbols.Values.OrderBy(symbol => symbol.Symbol);
        }
    }

    /// <summary>The state of a symbol; null if no record of it was accepted.</summary>
    public SymbolState? Find(Symbol symbol)
    {
        FoldWaiting();
        return symbols.GetValueOrDefault(symbol);
    }

    /// <inheritdoc/>
    public void OnRecord(in Record record)
    {
        CacheLines.Prefetch(record.Symbol);
        if (position is not null) lines[waiting] = position.Line;
        block[waiting++] = record;
        if (waiting == BlockSize) FoldWaiting();
    }

    /// <inheritdoc/>
    public void OnRejected(in RejectedInput input)
    {
        FoldWaiting(); // keep the order: earlier records are folded first
        ledger.AddRejected(input.Source);
        onRejected?.Invoke(input);
    }

    /// <summary>Folds records that come with their line numbers.</summary>
    public void OnRecords(ReadOnlySpan<Record> records, ReadOnlySpan<long> linesOfRecords)
    {
        FoldWaiting();
        for (var start = 0; start < records.Length; start += BlockSize)
        {
            var length = Math.Min(BlockSize, records.Length - start);
            FoldBlock(records.Slice(start, length), linesOfRecords.Slice(start, length));
        }
    }

    /// <summary>Folds the records that are buffered in an incomplete block.</summary>
    public void Flush() => FoldWaiting();

    /// <summary>Advances the exchange time of every symbol: bars that end at or before it are closed.</summary>
    public void AdvanceClock(Timestamp to)
    {
        foreach (var symbol in Symbols) runner.Apply(symbol, to);
    }

    /// <summary>The state hash of every symbol, ordered by name.</summary>
    public IReadOnlyList<KeyValuePair<Symbol, StateHash>> Hashes() => StateHash.Each(Symbols);

    /// <summary>The hash over all symbols.</summary>
    public StateHash Hash() => StateHash.Of(Hashes());

    private void FoldWaiting()
    {
        var count = waiting;
        waiting = 0;
        FoldBlock(block.AsSpan(0, count), lines);
    }

    private void FoldBlock(ReadOnlySpan<Record> records, ReadOnlySpan<long> linesOfRecords)
    {
        var known = 0;
        foreach (ref readonly var record in records)
        {
            if (symbols.TryGetValue(record.Symbol, out var symbol)) states[known++] = symbol;
        }

        SymbolState.Prefetch(states.AsSpan(0, known));
        var areKnown = known == records.Length;
        for (var i = 0; i < records.Length; i++)
        {
            ref readonly var record = ref records[i];
            Line = linesOfRecords[i];
            if (areKnown) Take(states[i], record, SymbolRunner.Judge(states[i], record));
            else TakeFirst(record);
        }
    }

    /// <summary>Processes a record whose symbol may be new.</summary>
    private void TakeFirst(in Record record)
    {
        if (symbols.TryGetValue(record.Symbol, out var symbol))
        {
            Take(symbol, record, SymbolRunner.Judge(symbol, record));
            return;
        }

        var decision = SymbolRunner.JudgeFirst(plans.Of(record.Symbol), record, out symbol);
        if (symbol is not null) symbols.Add(record.Symbol, symbol);
        Take(symbol, record, decision);
    }

    private void Take(SymbolState? symbol, in Record record, Decision decision)
    {
        switch (decision.Verdict)
        {
            case Verdict.Accepted:
                ledger.Count(record, runner.Apply(symbol!, record), symbol!.Plan);
                break;
            case Verdict.Duplicate:
                ledger.Count(record.Id.Source, RecordOutcome.Duplicate);
                break;
            default:
                ledger.AddRejected(record.Id.Source);
                onRejected?.Invoke(Rejected(record, decision.Reason));
                break;
        }
    }

    private RejectedInput Rejected(in Record record, RejectReason reason) =>
        new(record.Id, Line, TickRules.Explain(record, reason, plan.For(record.Symbol)), RecordWriter.Text(record)) { Time = record.Time };
}
