using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire;

namespace ActorTrading.Engine;

/// <summary>
/// All symbols of a plan folded in memory, in the order their records come: what a backtest runs, and what every other
/// engine must agree with. Takes records from any decoder and folds them a few dozen at a time, so that the memory of
/// one symbol is fetched while another is folded. Not safe for two threads.
/// </summary>
public sealed class Market(Plan plan, IFoldOutput output, Action<RejectedInput>? onRejected = null) : IRecordSink
{
    private const int BlockSize = 64;

    private readonly Dictionary<Symbol, SymbolState> symbols = [];
    private readonly CompiledPlans plans = new(plan);
    private readonly Ledger ledger = new();
    private readonly Record[] block = new Record[BlockSize];
    private readonly SymbolState[] states = new SymbolState[BlockSize];
    private int waiting;

    /// <summary>The plan that all of it is folded by.</summary>
    public Plan Plan => plan;

    /// <summary>What became of everything received.</summary>
    public Ledger Ledger
    {
        get
        {
            FoldWaiting();
            return ledger;
        }
    }

    /// <summary>Every symbol of which something was accepted, ordered by name.</summary>
    public IEnumerable<SymbolState> Symbols
    {
        get
        {
            FoldWaiting();
            return symbols.Values.OrderBy(state => state.Symbol);
        }
    }

    /// <summary>The state of a symbol, or null if nothing of it was accepted.</summary>
    public SymbolState? Find(Symbol symbol)
    {
        FoldWaiting();
        return symbols.GetValueOrDefault(symbol);
    }

    /// <inheritdoc/>
    public void OnRecord(in Record record)
    {
        CacheLines.Prefetch(record.Symbol);
        block[waiting++] = record;
        if (waiting == BlockSize) FoldWaiting();
    }

    /// <inheritdoc/>
    public void OnRejected(in RejectedInput input)
    {
        FoldWaiting(); // what came before it is told first
        var line = ledger.Of(input.Source);
        line.Received++;
        line.Rejected++;
        onRejected?.Invoke(input);
    }

    /// <summary>Tells every symbol that exchange time has come to that moment: bars that end by then are closed.</summary>
    public void AdvanceClock(Timestamp to)
    {
        foreach (var state in Symbols) Fold.Apply(state, new ClockAdvanced(state.Symbol, to), output);
    }

    /// <summary>The state hash of every symbol, ordered by name.</summary>
    public IReadOnlyList<KeyValuePair<Symbol, StateHash>> Hashes() => StateHash.Each(Symbols);

    /// <summary>The hash over all symbols.</summary>
    public StateHash Hash() => StateHash.Of(Hashes());

    private void FoldWaiting()
    {
        var known = 0;
        for (var i = 0; i < waiting; i++)
        {
            if (symbols.TryGetValue(block[i].Symbol, out var state)) states[known++] = state;
        }

        SymbolState.Prefetch(states.AsSpan(0, known));
        if (known == waiting)
        {
            for (var i = 0; i < waiting; i++) Take(states[i], block[i]);
        }
        else
        {
            for (var i = 0; i < waiting; i++) TakeFirst(block[i]);
        }

        waiting = 0;
    }

    /// <summary>Takes a record of a symbol that may never have been heard of.</summary>
    private void TakeFirst(in Record record)
    {
        if (symbols.TryGetValue(record.Symbol, out var state))
        {
            Take(state, record);
            return;
        }

        var decision = Fold.DecideFirst(plans.Of(record.Symbol), record, out state);
        if (state is not null) symbols.Add(record.Symbol, state);
        Take(state, record, decision);
    }

    private void Take(SymbolState state, in Record record) => Take(state, record, Fold.Decide(state, record));

    private void Take(SymbolState? state, in Record record, Decision decision)
    {
        var line = ledger.Of(record.Id.Source);
        line.Received++;
        switch (decision.Verdict)
        {
            case Verdict.Accepted when Fold.Apply(state!, record, output):
                line.Applied++;
                break;
            case Verdict.Accepted:
                line.Late++;
                break;
            case Verdict.Duplicate:
                line.Duplicate++;
                break;
            default:
                Reject(line, record, decision.Reason);
                break;
        }
    }

    private void Reject(LedgerLine line, in Record record, RejectReason reason)
    {
        line.Rejected++;
        onRejected?.Invoke(new RejectedInput(record.Id, 0, TickRules.Explain(record, reason), record.Symbol.Name));
    }
}
