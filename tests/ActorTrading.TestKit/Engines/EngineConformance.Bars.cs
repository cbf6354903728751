using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.TestKit.Folding;
using Xunit;

namespace ActorTrading.TestKit.Engines;

/// <summary>Bars from a journal position on, for every engine.</summary>
public abstract partial class EngineConformance
{
    [Fact]
    public async Task JournaledBars_AreThoseOfTheBacktest_FromAnyPositionOn_AndGoOnAsMoreCome()
    {
        var inputs = HostileMarkets.Stream(seed: 91, count: 900, step: 20 * Timestamp.Second);
        var (_, log) = EngineReading.MarketOf(EveryFrame, inputs);
        await using var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs.Take(300), 20);
        var reading = JournaledBarsAsync(engine, 0);
        var half = await engine.JournalEndAsync();
        await EngineReading.SendAsync(engine, inputs.Skip(300), 20);
        await engine.DrainAsync();
        var all = await reading.WaitAsync(EngineReading.Timeout);

        var bars = all.Where(bar => bar.Bar is not null).ToList();
        AssertBars(log, bars);
        Assert.Equal(bars.Select(Place).Order().Distinct(), bars.Select(Place));
        Assert.Null(all[^1].Bar);
        Assert.InRange(half, 1, all[^1].Position);
        Assert.InRange(all[^1].Position, bars[^1].Position, await engine.JournalEndAsync());
        for (var from = 0; from < bars.Count; from += 1 + (bars.Count / 9))
        {
            var after = bars[from].Position;
            var rest = (await JournaledBarsAsync(engine, after)).Where(bar => bar.Bar is not null);
            Assert.Equal(bars.Where(bar => bar.Position > after).Select(Whole), rest.Select(Whole));
        }

        static (long, int) Place(JournaledBar bar) => (bar.Position, bar.Number);
        static string Whole(JournaledBar bar) => $"{bar.Position} {bar.Event} {bar.Number} {LineOf(bar.Bar!)}";
    }

    [Fact]
    public async Task JournaledBars_AreOfTheSymbolsAndFramesWanted_WithTheNumbersThatTheyHaveAmongAll()
    {
        var inputs = HostileMarkets.Stream(seed: 92, count: 600, step: 20 * Timestamp.Second);
        var apple = Symbol.Parse("AAPL");
        await using var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 20);
        await engine.DrainAsync();
        var all = await BarsAsync(new BarFilter());
        var ofApple = new HashSet<Symbol> { apple };
        Assert.Equal(
            all.Where(bar => bar.Bar!.Symbol.Equals(apple)).Select(Whole), (await BarsAsync(new BarFilter(ofApple))).Select(Whole));
        Assert.Equal(
            all.Where(bar => bar.Bar!.Frame != Frame.Tick).Select(Whole),
            (await BarsAsync(new BarFilter { TickBars = false })).Select(Whole));
        var minutes = all.Where(bar => bar.Bar!.Symbol.Equals(apple) && bar.Bar.Frame == Frame.OneMinute).Select(Whole).ToList();
        Assert.NotEmpty(minutes);
        Assert.Equal(minutes, (await BarsAsync(new BarFilter(ofApple, new HashSet<Frame> { Frame.OneMinute }))).Select(Whole));

        static string Whole(JournaledBar bar) => $"{bar.Position} {bar.Number} {LineOf(bar.Bar!)}";

        async Task<List<JournaledBar>> BarsAsync(BarFilter filter)
        {
            var bars = new List<JournaledBar>();
            await foreach (var bar in engine.BarsAsync(0, filter)) bars.Add(bar);
            return [.. bars.Where(bar => bar.Bar is not null)];
        }
    }

    [Fact]
    public async Task JournaledBars_BehindDeletedEvents_AreStillThoseOfTheBacktest()
    {
        var inputs = HostileMarkets.Stream(seed: 93, count: 900, step: 20 * Timestamp.Second);
        var (_, log) = EngineReading.MarketOf(EveryFrame, inputs);
        await using var engine = await OpenDeletingAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs.Take(600), 5);
        await DeletedBeforeDrainAsync(inputs.First(input => input.Clock is null).Record.Symbol);
        await EngineReading.SendAsync(engine, inputs.Skip(600), 5);
        await engine.DrainAsync();
        var bars = (await JournaledBarsAsync(engine, 0)).Where(bar => bar.Bar is not null).ToList();
        Assert.NotEmpty(bars);
        var missing = 0;
        foreach (var symbol in bars.GroupBy(bar => bar.Bar!.Symbol))
        {
            var (expected, seen) = (LinesOf(log, symbol.Key), symbol.Select(bar => LineOf(bar.Bar!)).ToList());
            missing += expected.Count - seen.Count;
            Assert.Equal(expected.TakeLast(seen.Count), seen);
        }

        Assert.True(missing > 0); // some events were deleted
    }

    [Fact]
    public async Task JournaledBars_GoOnByTheNewPlan_AfterAChange_AndAnewAfterADeletion()
    {
        var inputs = HostileMarkets.Stream(seed: 94, count: 900, step: 20 * Timestamp.Second);
        var apple = Symbol.Parse("AAPL");
        var other = Plan.Parse("""{"frames":["1min","tick"],"indicators":["ema(3)","sma(5)"]}""");
        await using var engine = await OpenAsync(EveryFrame);
        await using var reading = engine.BarsAsync(0, new BarFilter(new HashSet<Symbol> { apple })).GetAsyncEnumerator();
        await EngineReading.SendAsync(engine, inputs.Take(300), 20);
        var before = await ReadToAsync(await engine.JournalEndAsync());
        await engine.ChangePlanAsync(other);
        await EngineReading.SendAsync(engine, inputs.Skip(300).Take(300), 20);
        var after = await ReadToAsync(await engine.JournalEndAsync());
        var (_, old) = EngineReading.MarketOf(EveryFrame, inputs.Take(300));
        var (_, now) = EngineReading.MarketOf(other, inputs.Take(600));
        Assert.Equal(LinesOf(old, apple), before);
        Assert.NotEmpty(after);
        Assert.Equal(LinesOf(now, apple).TakeLast(after.Count), after);

        await engine.DeleteSymbolAsync(apple);
        var rest = inputs.Skip(600).ToList();
        await EngineReading.SendAsync(engine, rest, 20);
        var anew = await ReadToAsync(await engine.JournalEndAsync());
        var (_, begun) = EngineReading.MarketOf(other, rest);
        Assert.NotEmpty(anew);
        Assert.Equal(LinesOf(begun, apple), anew);

        async Task<List<string>> ReadToAsync(long end)
        {
            var lines = new List<string>();
            for (var at = 0L; at < end;)
            {
                Assert.True(await reading.MoveNextAsync().AsTask().WaitAsync(EngineReading.Timeout));
                at = reading.Current.Bar is null ? reading.Current.Position : at;
                if (reading.Current.Bar is { } bar) lines.Add(LineOf(bar));
            }

            return lines;
        }
    }

    private static void AssertBars(FoldLog log, IEnumerable<JournaledBar> bars)
    {
        var symbols = bars.GroupBy(bar => bar.Bar!.Symbol).ToList();
        Assert.NotEmpty(symbols);
        foreach (var symbol in symbols) Assert.Equal(LinesOf(log, symbol.Key), symbol.Select(bar => LineOf(bar.Bar!)));
        Assert.Equal(log.Bars.Count, bars.Count());
    }

    private static List<string> LinesOf(FoldLog log, Symbol symbol) =>
        [.. log.Lines.Where(line => line.StartsWith($"{symbol} bar ", StringComparison.Ordinal))];

    private static string LineOf(BarClosed bar) => Seen.Closed(bar.Symbol, bar.Frame, bar.Bar, bar.Settings!.Columns.Zip(bar.Values)
        .Where(pair => pair.First.Spec.Frame is null || pair.First.Spec.Frame == bar.Frame).Select(pair => pair.Second));

    private static async Task<List<JournaledBar>> JournaledBarsAsync(IEngine engine, long after)
    {
        var bars = new List<JournaledBar>();
        await foreach (var bar in engine.BarsAsync(after, new BarFilter())) bars.Add(bar);
        return bars;
    }
}
