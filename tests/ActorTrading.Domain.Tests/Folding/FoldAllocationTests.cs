using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>Heap allocations of a steady stream of ticks.</summary>
public class FoldAllocationTests
{
    private const int Ticks = 200_000;
    private const int MostRuns = 40;

    [Fact]
    public void TicksOfTheDefaultPlanWithoutRules_AllocateNothing()
    {
        var plan = Plan.Parse(
            """
            {
              "indicators": [
                "sma(20)", "ema(20)", "ema(100)", "rsi(14)", "volatility(100)", "sma(100)@tick", "ema(100)@tick", "volatility(100)@tick"
              ]
            }
            """);
        Assert.Equal(Plan.Default.Settings.Indicators, plan.Settings.Indicators);
        Assert.Equal(Plan.Default.Settings.Frames, plan.Settings.Frames);
        Assert.Equal(0, Allocated(plan, static run => run.Bytes == 0)[^1].Bytes);
    }

    [Fact]
    public void TicksOfTheDefaultPlan_AllocateForTheirSignalsOnly()
    {
        // A signal, its values and their array are kept by the receiver, so they cannot be stored in the state.
        var runs = Allocated(Plan.Default, IsOfSignalsOnly);
        Assert.All(runs, run => Assert.True(run.Signals > 0));
        Assert.True(IsOfSignalsOnly(runs[^1]), string.Join(' ', runs));

        static bool IsOfSignalsOnly((long Bytes, long Signals) run) => run.Bytes <= run.Signals * 400;
    }

    [Fact]
    public void LateTicks_AndDuplicates_AllocateNothing()
    {
        var plan = new SymbolPlan(Plan.Parse("""{"frames":["tick","1min"],"indicators":["sma(20)"]}""").Settings);
        var state = new SymbolState(Tape.Symbol, plan);
        Apply(state, Tape.TickAt("10:05:00", 10));
        var run = 0;
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                Apply(state, Record.OfTick(Tape.Symbol, new Identity(Tape.Feed, run, i), new(1_720_519_200_000_000_000 + i), 10, 10));
                Apply(state, Record.OfTick(Tape.Symbol, new Identity(Tape.Feed, run, i), new(1_720_519_200_000_000_000 + i), 10, 10));
            }

            run++;
        }));
        Assert.Equal(20_000 * run, state.Sources.Late);
    }

    /// <summary>The allocations of each run, up to the first with the expected value.</summary>
    private static List<(long Bytes, long Signals)> Allocated(Plan plan, Predicate<(long Bytes, long Signals)> isRight)
    {
        var state = new SymbolState(Tape.Symbol, new SymbolPlan(plan.Settings));
        var random = new Random(3);
        var price = 100 * Fixed8.One;
        var now = Tape.At("10:00:00").Nanoseconds;
        var runs = new List<(long, long)>();
        var seq = 0L;

        // Code that is not optimized yet allocates more than optimized code, and on a busy machine the optimization takes long. The
        // allocations of a tick itself occur in every run.
        do
        {
            var (before, signals) = (GC.GetAllocatedBytesForCurrentThread(), state.Ohlcv.Signals);
            for (var i = 0; i < Ticks; i++)
            {
                now += random.NextInt64(2 * Timestamp.Second);
                price += random.NextInt64(-Fixed8.One / 10, (Fixed8.One / 10) + 1);
                price = Math.Max(price, Fixed8.One);
                Apply(state, Record.OfTick(Tape.Symbol, new Identity(Tape.Feed, 0, seq++), new(now), price, Fixed8.One));
            }

            runs.Add((GC.GetAllocatedBytesForCurrentThread() - before, state.Ohlcv.Signals - signals));
        }
        while (!isRight(runs[^1]) && runs.Count < MostRuns);

        Assert.NotNull(state.Ohlcv.LastBar(Frame.OneDay));
        Assert.Equal(runs.Count * Ticks, state.Sources.Applied);
        return runs;
    }

    private static void Apply(SymbolState state, in Record record)
    {
        if (Fold.Decide(state, record).Verdict == Verdict.Accepted) Fold.Apply(state, record, NoOutput.Instance);
    }
}
