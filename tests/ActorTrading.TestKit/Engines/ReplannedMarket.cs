using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.TestKit.Engines;

/// <summary>
/// A market whose plan is changed, slow and obvious: it remembers what was accepted, and a change folds all of that anew. Its signals are those that
/// fired when their records came.
/// </summary>
internal sealed class ReplannedMarket(Plan plan)
{
    private readonly Dictionary<Symbol, List<Input>> accepted = [];
    private readonly Dictionary<Symbol, SymbolState> states = [];
    private readonly FoldLog log = new();
    private Plan plan = plan;

    /// <summary>The signals, each symbol's in their order.</summary>
    public List<string> Signals => Ordered(log.Signals);

    /// <summary>The hash over all symbols.</summary>
    public StateHash Hash => StateHash.Of(StateHash.Each(states.Values));

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

    public ReplannedMarket GoOver(Plan next)
    {
        plan = next;
        foreach (var (symbol, inputs) in accepted)
        {
            var state = states[symbol] = new SymbolState(symbol, new SymbolPlan(plan.For(symbol)));
            foreach (var input in inputs)
            {
                if (input.Clock is { } clock) Fold.Apply(state, new ClockAdvanced(symbol, clock), NoOutput.Instance);
                else if (input.Record.Kind != RecordKind.Bar || state.Plan.TakesBarsOf(input.Record.Frame)) Fold.Apply(state, input.Record, NoOutput.Instance);
            }
        }

        return this;
    }

    private void Take(in Record record)
    {
        var verdict = states.TryGetValue(record.Symbol, out var state)
            ? Fold.Decide(state, record).Verdict
            : Fold.DecideFirst(new SymbolPlan(plan.For(record.Symbol)), record, out state).Verdict;
        if (verdict != Verdict.Accepted) return;
        states[record.Symbol] = state!;
        if (!accepted.TryGetValue(record.Symbol, out var inputs)) accepted.Add(record.Symbol, inputs = []);
        inputs.Add(Input.Of(record));
        Fold.Apply(state!, record, log);
    }

    private void Advance(Timestamp clock)
    {
        foreach (var (symbol, state) in states)
        {
            accepted[symbol].Add(Input.Of(clock));
            Fold.Apply(state, new ClockAdvanced(symbol, clock), log);
        }
    }
}
