using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Lab.Crashing;

/// <summary>
/// Folds the acknowledged records in memory, once and in order, and compares them record by record with the journal: every accepted record
/// must be there once, in its position.
/// </summary>
internal sealed class CrashWitness(Plan plan)
{
    private readonly Output output = new();
    private readonly Dictionary<Symbol, Queue<Identity>> onlyExpected = [];
    private readonly Dictionary<Symbol, Queue<Identity>> onlyFound = [];
    private Market? market;

    /// <summary>The expected market.</summary>
    public Market Market => market ??= new Market(plan, output);

    /// <summary>The hashes of the signal ids of each symbol.</summary>
    public IReadOnlyDictionary<Symbol, Trail> Signals => output.Signals;

    /// <summary>Number of journal records in a wrong position; the first of them is reported.</summary>
    public long Misplaced { get; private set; }

    /// <summary>The first error; null for none.</summary>
    public string? Fault { get; private set; }

    /// <summary>Number of journal records that no feed has an acknowledgement for: acknowledged later, or never.</summary>
    public long Ahead => onlyFound.Values.Sum(queue => (long)queue.Count);

    /// <summary>Called for an acknowledged record.</summary>
    public void Acknowledged(Record record)
    {
        var line = Market.Ledger.Of(record.Id.Source);
        var before = line.Applied + line.Late;
        Market.OnRecord(record);
        line = Market.Ledger.Of(record.Id.Source);
        if (line.Applied + line.Late > before) Meet(record, onlyFound, onlyExpected, "was acknowledged", isFound: false);
    }

    /// <summary>Called for a record found in the journal.</summary>
    public void Found(Record record) => Meet(record, onlyExpected, onlyFound, "is in the journal", isFound: true);

    /// <summary>Number of acknowledged records that are missing in the journal.</summary>
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
