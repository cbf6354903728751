using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.History;
using ActorTrading.TestKit.Folding;
using Xunit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Engines;

/// <summary>Past data and live events, for every engine.</summary>
public abstract partial class EngineConformance
{
    [Fact]
    public async Task Hash_IsThatOfTheBacktest_AlsoAfterACrash()
    {
        var inputs = HostileMarkets.Stream(seed: 41, count: 700, step: 3 * Timestamp.Second);
        var (market, _) = EngineReading.MarketOf(EveryFrame, inputs);
        var engine = await OpenAsync(EveryFrame);
        Assert.Equal(StateHash.Of([]), await engine.HashAsync());
        await EngineReading.SendAsync(engine, inputs, 30);
        Assert.Equal(market.Hash(), await engine.HashAsync());
        await CrashAsync(engine);
        await using var next = await OpenAsync(EveryFrame);
        Assert.Equal(market.Hash(), await next.HashAsync());
    }

    [Fact]
    public async Task JournaledRecords_FoldedAnew_ComeToTheSameState_FromAnyPositionOn_AndGoOnAsMoreCome()
    {
        var inputs = HostileMarkets.Stream(seed: 42, count: 900, step: 3 * Timestamp.Second);
        var (market, log) = EngineReading.MarketOf(EveryFrame, inputs);
        await using var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs.Take(300), 20);
        var applied = market.Ledger.Total().Applied + market.Ledger.Total().Late;
        var reading = ReadAsync(0);
        await EngineReading.SendAsync(engine, inputs.Skip(300), 20);
        await engine.DrainAsync();
        var all = await reading.WaitAsync(EngineReading.Timeout);

        Assert.Equal(applied, all.Sum(happened => happened.Records.Count));
        Assert.Equal(all.Select(happened => happened.Position).Order().Distinct(), all.Select(happened => happened.Position));
        foreach (var symbol in all.GroupBy(happened => happened.Symbol))
            Assert.Equal(Enumerable.Range(1, symbol.Count()).Select(number => (long)number), symbol.Select(happened => happened.Event));
        Assert.Equal(log.Lines.Order(), FoldedAnew(all, out var hash).Order());
        Assert.Equal(market.Hash(), hash);
        for (var from = 0; from < all.Count; from += 29)
            Assert.Equal(
                all.Skip(from + 1).Select(happened => happened.Position),
                (await ReadAsync(all[from].Position)).Select(happened => happened.Position));

        async Task<List<JournaledRecords>> ReadAsync(long after)
        {
            var read = new List<JournaledRecords>();
            await foreach (var happened in engine.RecordsAsync(after)) read.Add(happened);
            return read;
        }
    }

    [Fact]
    public async Task SlowReaderOfRecords_DelaysNobody()
    {
        var inputs = Sequenced(seed: 43, count: 600);
        await using var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs.Take(1), 1);
        await using var slow = engine.RecordsAsync(0).GetAsyncEnumerator();
        Assert.True(await slow.MoveNextAsync());
        await EngineReading.SendAsync(engine, inputs.Skip(1), 5); // while it does not read
        var read = slow.Current.Records.Count;
        await engine.DrainAsync();
        while (await slow.MoveNextAsync()) read += slow.Current.Records.Count;
        var (market, _) = EngineReading.MarketOf(EveryFrame, inputs);
        Assert.Equal(market.Ledger.Total().Applied + market.Ledger.Total().Late, read);
    }

    [Theory]
    [InlineData(Frame.OneMinute)]
    [InlineData(Frame.OneHour)]
    [InlineData(Frame.Tick)]
    public async Task BarsOfThePast_AreThoseOfTheBacktest_WithTheirValues(Frame frame)
    {
        var inputs = HostileMarkets.Stream(seed: 44, count: 1_500, step: Timestamp.Minute);
        var apple = Symbol.Parse("AAPL");
        var columns = EveryFrame.For(apple).Columns;
        var (_, log) = EngineReading.MarketOf(EveryFrame, inputs);
        var expected = log.Lines.Where(line => line.StartsWith($"AAPL bar {frame.Name()} ", StringComparison.Ordinal)).ToList();
        Assert.True(expected.Count > 3);
        await using var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 25);
        var all = await ReadAsync(Timestamp.MinValue, Timestamp.MaxValue);
        Assert.Equal(expected, all.Select(Line));

        var times = all.Select(bar => bar.Bar.Opened).Distinct().Order().ToList();
        for (var i = 0; i < times.Count; i += 1 + (times.Count / 9))
        {
            var to = times[(i + times.Count) / 2];
            Assert.Equal(
                all.Where(bar => bar.Bar.Opened >= times[i] && bar.Bar.Opened < to).Select(Line),
                (await ReadAsync(times[i], to)).Select(Line));
        }

        Assert.Empty(await ReadAsync(new Timestamp(times[^1].Nanoseconds + 1), Timestamp.MaxValue));

        async Task<List<BarClosed>> ReadAsync(Timestamp from, Timestamp to)
        {
            var bars = new List<BarClosed>();
            await foreach (var bar in engine.BarsAsync(apple, frame, from, to)) bars.Add(bar);
            return bars;
        }

        string Line(BarClosed bar) => Seen.Closed(bar.Symbol, bar.Frame, bar.Bar, columns.Zip(bar.Values)
            .Where(pair => pair.First.Spec.Frame is null || pair.First.Spec.Frame == frame).Select(pair => pair.Second));
    }

    [Theory]
    [InlineData(Frame.OneMinute)]
    [InlineData(Frame.OneHour)]
    [InlineData(Frame.Tick)]
    public async Task NewestBars_AreTheEndOfAllBars_WithTheirValues_AndSayWhereOlderOnesAre(Frame frame)
    {
        var inputs = HostileMarkets.Stream(seed: 46, count: 1_500, step: Timestamp.Minute);
        var apple = Symbol.Parse("AAPL");
        await using var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 25);
        var all = new List<BarClosed>();
        await foreach (var bar in engine.BarsAsync(apple, frame, Timestamp.MinValue, Timestamp.MaxValue)) all.Add(bar);
        Assert.True(all.Count > 3);
        var times = all.Select(bar => bar.Bar.Opened).Distinct().Order().ToList();
        List<Timestamp> ends =
        [
            .. Enumerable.Range(0, 6).Select(i => times[i * (times.Count - 1) / 5]), Timestamp.MaxValue, new(times[^1].Nanoseconds + 1),
        ];
        foreach (var limit in new[] { 1, 2, 3, 10, all.Count, all.Count + 1 })
        {
            foreach (var to in ends)
            {
                var page = Newest(to, limit);
                var before = all.Where(bar => bar.Bar.Opened < to).ToList();
                var expected = before.TakeLast(limit).ToList();
                Assert.Equal(expected.Select(Line), page.Bars.Select(Line));
                if (before.Count > expected.Count)
                {
                    var (oldest, newest) = (expected.Min(bar => bar.Bar.Opened), before.SkipLast(limit).Max(bar => bar.Bar.Opened));
                    var previous = Assert.NotNull(page.Previous);
                    Assert.True(frame == Frame.Tick ? previous >= oldest && previous > newest : previous == oldest);
                }
                else if (page.Previous is { } nothing)
                {
                    Assert.Empty(Newest(nothing, limit).Bars); // a record from before the first bar was accepted, and built no bar
                }
            }
        }

        BarPage Newest(Timestamp to, int limit) => InJournal(journal =>
            new JournalHistory(EveryFrame, journal).NewestBarsAsync(apple, frame, to, limit).WaitAsync(EngineReading.Timeout).GetAwaiter()
                .GetResult());

        static string Line(BarClosed bar) => Seen.Closed(bar.Symbol, bar.Frame, bar.Bar, bar.Values);
    }

    [Fact]
    public async Task BarsThatThePlanHasNot_AreRefused_AndOfAnUnknownSymbolThereAreNone()
    {
        await using var engine = await OpenAsync(Plan.Parse("""{"frames":["1min"]}"""));
        Assert.Throws<ArgumentException>(
            () => engine.BarsAsync(Symbol.Parse("AAPL"), Frame.OneHour, Timestamp.MinValue, Timestamp.MaxValue));
        await foreach (var bar in engine.BarsAsync(Symbol.Parse("GHOST"), Frame.OneMinute, Timestamp.MinValue, Timestamp.MaxValue))
            Assert.Fail($"{bar}");
    }

    [Fact]
    public async Task LiveTicks_AreTheAcceptedRecords_InTheirOrder_OfTheSymbolsWanted()
    {
        var apple = Symbol.Parse("AAPL");
        var inputs = HostileMarkets.Stream(seed: 45, count: 800, step: 3 * Timestamp.Second);
        await using var engine = await OpenAsync(EveryFrame);
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        var ticks = engine.LiveAsync(new LiveFilter(new HashSet<Symbol> { apple }, Bars: false, Ticks: true), patience.Token);
        var bars = engine.LiveAsync(new LiveFilter(new HashSet<Symbol> { apple }), patience.Token);
        await EngineReading.SendAsync(engine, inputs, 30);
        var expected = new List<string>();
        await foreach (var happened in engine.RecordsAsync(0, patience.Token))
        {
            if (happened.Symbol.Equals(apple)) expected.AddRange(happened.Records.Select(record => RecordText.Describe(record)));
            if (expected.Count == Accepted(await engine.SymbolsAsync())) break;
        }

        await engine.DrainAsync();
        var seen = new List<string>();
        await foreach (var happened in ticks)
        {
            Assert.Equal((0, null, null), (happened.Missed, happened.Bar, happened.Late));
            seen.Add(RecordText.Describe((Record)happened.Tick!));
        }

        Assert.Equal(expected, seen);
        await foreach (var happened in bars) Assert.Null(happened.Tick);

        long Accepted(IReadOnlyList<SymbolSummary> symbols) =>
            symbols.Where(symbol => symbol.Symbol.Equals(apple)).Sum(symbol => symbol.Applied + symbol.Late);
    }

    /// <summary>Folds the events of a journal; returns the output.</summary>
    private static List<string> FoldedAnew(IEnumerable<JournaledRecords> all, out StateHash hash)
    {
        var log = new FoldLog();
        var states = new Dictionary<Symbol, SymbolState>();
        foreach (var happened in all)
        {
            if (!states.TryGetValue(happened.Symbol, out var state))
                states.Add(happened.Symbol, state = new SymbolState(happened.Symbol, new SymbolPlan(EveryFrame.For(happened.Symbol))));
            if (happened.Clock is { } clock) Fold.Apply(state, new ClockAdvanced(happened.Symbol, clock), log);
            else Fold.Apply(state, new RecordsAccepted(happened.Symbol, happened.Records), log);
        }

        hash = StateHash.Of(StateHash.Each(states.Values));
        return log.Lines;
    }
}
