using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.TestKit.Engines;

/// <summary>
/// A slow and simple model of a market whose plan changes and whose records are excluded: it keeps all accepted records, and folds them
/// again after each change. Its signals are those that fired when their records arrived.
/// </summary>
public sealed class ReplannedMarket(Plan plan)
{
    private readonly Dictionary<Symbol, List<Input>> accepted = [];
    private readonly Dictionary<Symbol, SymbolState> states = [];
    private readonly Dictionary<(Symbol Symbol, Source Source), Identity> newest = [];
    private readonly FoldLog log = new();
    private readonly List<Plan> firedUnder = []; // of each signal in the log
    private readonly HashSet<int> withdrawn = []; // positions in the log
    private Plan plan = plan;

    /// <summary>The signals, in order within each symbol.</summary>
    public List<string> Signals => Ordered(log.Signals);

    /// <summary>The ids of the signals that were withdrawn, in any order.</summary>
    public List<string> Withdrawn => [.. withdrawn.Select(place => log.Signals[place].Id).Order(StringComparer.Ordinal)];

    /// <summary>The hash over all symbols that have a record.</summary>
    public StateHash Hash => StateHash.Of(StateHash.Each(states.Where(entry => IsThere(entry.Key)).Select(entry => entry.Value)));

    /// <summary>The symbols that have a record.</summary>
    public IEnumerable<Symbol> Symbols => states.Keys.Where(IsThere).Order();

    /// <summary>The remaining records of a symbol, in the order of acceptance.</summary>
    public List<Record> RecordsOf(Symbol symbol) => [.. accepted[symbol].Where(input => input.Clock is null).Select(input => input.Record)];

    /// <summary>The hash of a symbol.</summary>
    public StateHash HashOf(Symbol symbol) => StateHash.Of(states[symbol]);

    public static List<string> Ordered(IEnumerable<Signal> signals) =>
        [.. signals.GroupBy(signal => signal.Symbol).OrderBy(group => group.Key).SelectMany(group => group.Select(Seen.Signal))];

    public ReplannedMarket Take(IEnumerable<Input> inputs)
    {
        foreach (var input in inputs)
        {
            if (input.Clock is { } clock) Advance(clock);
            else Take(input.Record);
        }

        return this;
    }

    public ReplannedMarket SwitchPlan(Plan next)
    {
        plan = next;
        foreach (var symbol in accepted.Keys) states[symbol] = FoldAgain(symbol, plan, NoOutput.Instance);
        return this;
    }

    /// <summary>
    /// Excludes records of a symbol, and withdraws the signals that the remaining records do not give, each by the plan under which it
    /// fired.
    /// </summary>
    /// <returns>The state before, for <see cref="Include"/>.</returns>
    public List<Input> Exclude(Symbol symbol, Func<Record, bool> wrong)
    {
        var before = accepted[symbol];
        Put(symbol, [.. before.Where(input => input.Clock is not null || !wrong(input.Record))]);
        return before;
    }

    /// <summary>Ends the only exclusion, at once or later. Records that arrived since stay.</summary>
    public void Include(Symbol symbol, List<Input> before, int lengthOfAllThen)
    {
        var since = accepted[symbol].Skip(lengthOfAllThen).ToList();
        Put(symbol, [.. before, .. since]);
    }

    /// <summary>Number of remaining inputs of a symbol.</summary>
    public int CountOf(Symbol symbol) => accepted[symbol].Count;

    private void Put(Symbol symbol, List<Input> left)
    {
        accepted[symbol] = left;
        states[symbol] = FoldAgain(symbol, plan, NoOutput.Instance);
        foreach (var fired in Enumerable.Range(0, log.Signals.Count)
            .Where(place => log.Signals[place].Symbol.Equals(symbol) && !withdrawn.Contains(place))
            .GroupBy(place => firedUnder[place]).ToList())
        {
            var again = new FoldLog();
            FoldAgain(symbol, fired.Key, again);
            var ids = again.Signals.Select(signal => signal.Id).ToHashSet();
            withdrawn.UnionWith(fired.Where(place => !ids.Contains(log.Signals[place].Id)));
        }
    }

    private SymbolState FoldAgain(Symbol symbol, Plan by, IFoldOutput output)
    {
        var state = new SymbolState(symbol, new SymbolPlan(by.For(symbol)));
        foreach (var input in accepted[symbol])
        {
            if (input.Clock is { } clock) Fold.Apply(state, new ClockAdvanced(symbol, clock), output);
            else if (input.Record.Kind != RecordKind.Bar || state.Plan.TakesBarsOf(input.Record.Frame))
                Fold.Apply(state, input.Record, output);
        }

        return state;
    }

    private bool IsThere(Symbol symbol) => accepted[symbol].Any(input => input.Clock is null);

    private void Take(in Record record)
    {
        var key = (record.Symbol, record.Id.Source);
        if (record.Id.IsSequenced && newest.TryGetValue(key, out var last)
            && (record.Id.Epoch, record.Id.Seq).CompareTo((last.Epoch, last.Seq)) <= 0) return;
        var verdict = states.TryGetValue(record.Symbol, out var state)
            ? Fold.Decide(state, record).Verdict
            : Fold.DecideFirst(new SymbolPlan(plan.For(record.Symbol)), record, out state).Verdict;
        if (verdict != Verdict.Accepted) return;
        if (record.Id.IsSequenced) newest[key] = record.Id;
        states[record.Symbol] = state!;
        if (!accepted.TryGetValue(record.Symbol, out var inputs)) accepted.Add(record.Symbol, inputs = []);
        inputs.Add(Input.Of(record));
        Fold.Apply(state!, record, log);
        while (firedUnder.Count < log.Signals.Count) firedUnder.Add(plan);
    }

    private void Advance(Timestamp clock)
    {
        foreach (var (symbol, state) in states)
        {
            accepted[symbol].Add(Input.Of(clock));
            Fold.Apply(state, new ClockAdvanced(symbol, clock), log);
            while (firedUnder.Count < log.Signals.Count) firedUnder.Add(plan);
        }
    }
}
