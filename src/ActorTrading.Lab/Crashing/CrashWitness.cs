using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Lab.Crashing;

/// <summary>
/// Folds in memory, once and in order, what the feeds were told is safe, and holds it record by record against what the journal has: every
/// accepted record must be there, in its place, once.
/// </summary>
internal sealed class CrashWitness(Plan plan)
{
    private readonly Output output = new();
    private readonly Dictionary<Symbol, Queue<Identity>> onlyExpected = [];
    private readonly Dictionary<Symbol, Queue<Identity>> onlyFound = [];
    private Market? market;

    /// <summary>The market that the node should have come to.</summary>
    public Market Market => market ??= new Market(plan, output);

    /// <summary>The ids of the signals of each symbol.</summary>
    public IReadOnlyDictionary<Symbol, Trail> Signals => output.Signals;

    /// <summary>Records that stand in the journal where others should be; the first of them is told.</summary>
    public long Misplaced { get; private set; }

    /// <summary>What was wrong first; null if nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>Records of the journal that no feed was told of: acknowledged later, or never.</summary>
    public long Ahead => onlyFound.Values.Sum(queue => (long)queue.Count);

    /// <summary>A record was acknowledged.</summary>
    public void Acknowledged(Record record)
    {
        var line = Market.Ledger.Of(record.Id.Source);
        var before = line.Applied + line.Late;
        Market.OnRecord(record);
        line = Market.Ledger.Of(record.Id.Source);
        if (line.Applied + line.Late > before) Meet(record, onlyFound, onlyExpected, "was acknowledged", isFound: false);
    }

    /// <summary>A record was found in the journal.</summary>
    public void Found(Record record) => Meet(record, onlyExpected, onlyFound, "is in the journal", isFound: true);

    /// <summary>Records that were acknowledged and are not in the journal.</summary>
    public long Lost()
    {
        var lost = onlyExpected.Where(pair => pair.Value.Count > 0).ToList();
        if (lost.Count > 0) Fault ??= $"{lost[0].Key}: {lost[0].Value.Peek()} was acknowledged and is not in the journal.";
        return lost.Sum(pair => (long)pair.Value.Count);
    }

    private void Meet(
        in Record record, Dictionary<Symbol, Queue<Identity>> others, Dictionary<Symbol, Queue<Identity>> own, string what, bool isFound)
    {
        if (others.TryGetValue(record.Symbol, out var waiting) && waiting.TryDequeue(out var other))
        {
            if (other == record.Id) return;
            Misplaced++;
            Fault ??= $"{record.Symbol}: {record.Id} {what} where {other} {(isFound ? "was acknowledged" : "is in the journal")}.";
            return;
        }

        if (!own.TryGetValue(record.Symbol, out var queue)) own.Add(record.Symbol, queue = new Queue<Identity>());
        queue.Enqueue(record.Id);
    }

    private sealed class Output : IFoldOutput
    {
        public Dictionary<Symbol, Trail> Signals { get; } = [];

        public void OnSignal(Signal signal)
        {
            if (!Signals.TryGetValue(signal.Symbol, out var trail)) trail = new Trail();
            trail.Add($"{signal.Number} {signal.Id}");
            Signals[signal.Symbol] = trail;
        }

        public void OnBar(SymbolState symbol, Series series, in Bar bar)
        {
        }

        public void OnLate(in Record record)
        {
        }

        public void OnFault(IndicatorFault fault)
        {
        }
    }
}
