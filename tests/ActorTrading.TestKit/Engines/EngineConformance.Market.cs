using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.TestKit.Folding;
using Xunit;

namespace ActorTrading.TestKit.Engines;

/// <summary>The market table, for every engine.</summary>
public abstract partial class EngineConformance
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Market_ShowsEverySymbolFirst_ThenThoseThatHaveChanged_AsTheBacktestHasThem()
    {
        var inputs = HostileMarkets.Stream(seed: 9, count: 3_000, step: 40 * Timestamp.Second);
        var (first, second) = (inputs.Take(2_000).ToList(), inputs.Skip(2_000).Where(input => input.Clock is null).ToList());
        var changing = HostileMarkets.Symbols[0];
        second.RemoveAll(input => !input.Record.Symbol.Equals(changing));
        Assert.NotEmpty(second);

        await using var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, first, 50);
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        await using var market = engine.MarketAsync(Often, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await market.MoveNextAsync());
        AssertShown(first, market.Current);

        await EngineReading.SendAsync(engine, second, 50);
        var last = (await engine.SymbolsAsync()).Single(summary => summary.Symbol.Equals(changing));
        MarketReading? shown = null;
        while (shown is null || shown.Records < last.Applied + last.Late)
        {
            Assert.True(await market.MoveNextAsync());
            Assert.All(market.Current, reading => Assert.Equal(changing, reading.Symbol));
            shown = market.Current.LastOrDefault() ?? shown;
        }

        AssertShown([.. first.Where(input => input.Clock is not null || input.Record.Symbol.Equals(changing)), .. second], [shown]);
        Assert.True(await market.MoveNextAsync());
        Assert.Empty(market.Current);
    }

    [Fact]
    public async Task Market_IsTheSameAfterACrash_ButForWhatASnapshotDoesNotHave()
    {
        var inputs = HostileMarkets.Stream(seed: 10, count: 2_000, step: 40 * Timestamp.Second);
        var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 50);
        await CrashAsync(engine);
        engine = await OpenAsync(EveryFrame);
        AssertShown(inputs, await ShownAsync(engine), isOfSnapshot: true);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Market_HasPricesAndVolumeFromASnapshot_AndTheLastCloseInPlaceOfAll()
    {
        var inputs = HostileMarkets.Stream(seed: 11, count: 2_000, step: 40 * Timestamp.Second);
        var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 50);
        var before = await ShownAsync(engine);
        await engine.DrainAsync();
        await engine.DisposeAsync();
        engine = await OpenAsync(EveryFrame);
        var after = await ShownAsync(engine);
        Assert.Equal(before.Select(Line), after.Select(Line));
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First.Closes.TakeLast(1), pair.Second.Closes.TakeLast(1)));
        Assert.Contains(after, reading => reading.Closes.Count == 1);
        await engine.DisposeAsync();

        static string Line(MarketReading reading) =>
            $"{reading with { PriceBefore = null, BarsClosed = 0, Closes = [] }}";
    }

    private static async Task<IReadOnlyList<MarketReading>> ShownAsync(IEngine engine)
    {
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        await foreach (var all in engine.MarketAsync(Often, patience.Token)) return [.. all.OrderBy(reading => reading.Symbol)];
        throw new InvalidOperationException("Nothing was shown.");
    }

    private static void AssertShown(IEnumerable<Input> inputs, IReadOnlyList<MarketReading> shown, bool isOfSnapshot = false)
    {
        var all = inputs.ToList();
        var (market, _) = EngineReading.MarketOf(EveryFrame, all);
        Assert.Equal(market.Symbols.Select(state => state.Symbol), shown.Select(reading => reading.Symbol).Order());
        var compared = 0;
        foreach (var reading in shown)
        {
            var state = market.Find(reading.Symbol)!;
            Assert.Equal((state.Ohlcv.NewestPrice, state.Ohlcv.LastTime, state.Plan.Units), (reading.Price, reading.Time, reading.Units));
            Assert.Equal((state.Sources.Applied + state.Sources.Late, state.Sources.Late), (reading.Records, reading.Late));
            var its = all.Where(input => input.Clock is not null || input.Record.Symbol.Equals(reading.Symbol));
            var (_, log) = EngineReading.MarketOf(EveryFrame, its);
            var bars = log.Bars.ToLookup(bar => bar.Frame, bar => bar.Bar);
            var days = bars[Frame.OneDay].ToList();
            if (state.Ohlcv.BarSoFar(Frame.OneDay) is { } open) days.Add(open);
            Assert.Equal(days.Count > 0 ? days[^1].Volume : null, reading.Volume);
            long? before = days.Count > 1 ? days[^2].Close : null;
            var frames = state.Plan.Settings.Frames;
            var spark = frames.Contains(Frame.OneMinute) ? Frame.OneMinute : frames.First(frame => frame != Frame.Tick);
            var closes = bars[spark].TakeLast(30).Select(bar => bar.Close).ToList();
            if (isOfSnapshot)
            {
                // Unknown unless a later event contains it.
                Assert.True(reading.PriceBefore == before || (reading.PriceBefore is null && state.Ohlcv.BarSoFar(Frame.OneDay) is null));
                closes = [.. closes.TakeLast(reading.Closes.Count)];
            }
            else
            {
                Assert.Equal(before, reading.PriceBefore);
            }

            Assert.Equal(closes, reading.Closes);
            if (days.Count > 0) Assert.Equal(days[^1].Session, reading.Day);
            compared += reading.Closes.Count + days.Count;
        }

        Assert.True(compared >= 4);
    }
}
