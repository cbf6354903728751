using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;
using ActorTrading.TestKit.Reference;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Tests;

/// <summary>The market against the slow and simple model, on seeded streams with every disturbance.</summary>
public class NaiveComparisonTests
{
    private const int Count = 2_500;
    private const int Between = 97;

    public static TheoryData<string, int, long> Cases()
    {
        var cases = new TheoryData<string, int, long>();
        foreach (var plan in TestPlans.All.Keys)
        {
            cases.Add(plan, 1, Timestamp.Second);
            cases.Add(plan, 2, 20 * Timestamp.Second);
            cases.Add(plan, 4, Timestamp.Minute);
            cases.Add(plan, 3, 5 * Timestamp.Minute);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HostileMarket_IsFoldedAsTheObviousOneSays(string planName, int seed, long step)
    {
        var plan = TestPlans.All[planName];
        var naive = new NaiveMarket(plan);
        var log = new FoldLog();
        var rejected = new List<RejectedInput>();
        var market = new Market(plan, log, rejected.Add);
        var fates = new Dictionary<string, int>();
        var compared = 0;
        var sent = 0;
        foreach (var input in HostileMarkets.Stream(seed, Count, step))
        {
            var fate = naive.Take(input);
            fates[fate] = fates.GetValueOrDefault(fate) + 1;
            if (input.Clock is { } clock) market.AdvanceClock(clock);
            else market.OnRecord(input.Record);
            if (input.Record.Symbol is { } symbol && (seed != 1 || sent % 2 == 0)) market.Find(symbol)?.Validate();
            if (++sent % Between == 0) compared = Compare(naive, market, log, compared);
        }

        Compare(naive, market, log, compared);
        Assert.Equal(
            fates.Where(fate => fate.Key.StartsWith("rejected", StringComparison.Ordinal)).ToDictionary(),
            rejected.GroupBy(input => "rejected " + input.Rejection.Reason.Name())
                .ToDictionary(group => group.Key, group => group.Count()));

        // A stream without records of a kind would compare nothing.
        Assert.True(fates["applied"] > Count / 6 && fates["duplicate"] > 20, string.Join(", ", fates));
        Assert.True(log.Signals.Count > 0 || step < 5 * Timestamp.Minute);
    }

    private static int Compare(NaiveMarket naive, Market market, FoldLog log, int compared)
    {
        Assert.Equal(naive.Symbols.Select(symbol => symbol.Name), market.Symbols.Select(state => state.Symbol.Name));
        Assert.Equal(naive.Log.Skip(compared), log.Lines.Skip(compared));
        foreach (var state in market.Symbols)
        {
            state.Validate();
            Assert.Equal(naive.Lines(state.Symbol), Seen.State(state));
        }

        Assert.Equal(naive.LedgerLines(), Ledgers.Lines(market.Ledger));
        Assert.All(market.Ledger.Lines, line => Assert.True(line.IsBalanced));
        return log.Lines.Count;
    }
}
