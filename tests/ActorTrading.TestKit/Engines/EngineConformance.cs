using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.Simulation;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Files;
using Xunit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Engines;

/// <summary>
/// Requirements of every engine; each engine's tests derive from this class. The expected results come from the market in memory.
/// </summary>
public abstract partial class EngineConformance
{
    private static readonly Plan EveryFrame = TestPlans.All["every frame"];

    public static TheoryData<string, int> PlansAndBatches
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var name in TestPlans.All.Keys) data.Add(name, 97);
            foreach (var size in new[] { 1, 2, 1_000, 100_000 }) data.Add("every frame", size);
            return data;
        }
    }

    /// <summary>Opens an engine on the journal of this test.</summary>
    /// <param name="plan">The plan given at the start; null for none.</param>
    protected abstract Task<IEngine> OpenAsync(Plan? plan);

    /// <summary>
    /// Opens an engine that deletes the events covered by the last snapshot but one, and takes a snapshot after a few events.
    /// </summary>
    protected abstract Task<IEngine> OpenDeletingAsync(Plan? plan);

    /// <summary>Waits until events of a symbol are deleted, for engines whose drain does not delete them.</summary>
    protected virtual Task DeletedBeforeDrainAsync(Symbol symbol) => Task.CompletedTask;

    /// <summary>Opens the journal of this test.</summary>
    protected abstract T InJournal<T>(Func<IJournalStore, T> look);

    /// <summary>Verifies the journal of this test with its current plan.</summary>
    private VerificationReport Verify() => InJournal(journal => Verification.Run(journal, plan: null));

    /// <summary>Stops an engine as if its process ended.</summary>
    protected virtual async Task CrashAsync(IEngine engine) => await engine.DisposeAsync();

    /// <summary>
    /// Lets a change run for a number of steps, then stops its engine as if the process ended. The outcome of the change is unknown.
    /// </summary>
    private async Task CrashInTheMiddleAsync(IEngine engine, Task change, int turns)
    {
        for (var i = 0; i < turns; i++) await Task.Yield();
        await CrashAsync(engine);
        try
        {
            await change.WaitAsync(EngineReading.Timeout);
        }
        catch (EngineStoppedException)
        {
        }
    }

    [Theory]
    [MemberData(nameof(PlansAndBatches))]
    public async Task HostileMarket_ComesToTheStatesAndSignalsOfTheBacktest_AlsoAfterDrainAndAfterCrash(string planName, int batchSize)
    {
        var plan = TestPlans.All[planName];
        var inputs = HostileMarkets.Stream(seed: 5 + batchSize, count: 2_000, step: 2 * Timestamp.Second);
        var half = inputs.Count / 2;
        var engine = await OpenAsync(plan);
        await EngineReading.SendAsync(engine, inputs.Take(half), batchSize);
        var (firstMarket, firstLog) = EngineReading.MarketOf(plan, inputs.Take(half));
        await EngineReading.AssertSameAsync(engine, firstMarket, firstLog);
        Assert.All(await engine.LedgerAsync(), line => Assert.True(line.IsBalanced));
        await engine.DrainAsync();
        await engine.DisposeAsync();

        var (market, log) = EngineReading.MarketOf(plan, inputs);
        engine = await OpenAsync(plan);
        await EngineReading.AssertSameAsync(engine, firstMarket, firstLog);
        await EngineReading.SendAsync(engine, inputs.Skip(half), batchSize);
        await EngineReading.AssertSameAsync(engine, market, log);
        await CrashAsync(engine);

        engine = await OpenAsync(plan);
        await EngineReading.AssertSameAsync(engine, market, log);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Ledger_IsThatOfTheBacktest()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var inputs = HostileMarkets.Stream(seed: 3, count: 3_000, step: Timestamp.Second);
        var results = await EngineReading.SendAsync(engine, inputs, 50);
        var (market, _) = EngineReading.MarketOf(EveryFrame, inputs);
        Assert.Equal(market.Ledger.Lines.Select(Line), (await engine.LedgerAsync()).Select(Line));
        var total = market.Ledger.Total();
        Assert.Equal(
            (total.Applied, total.Late, total.Duplicate, total.Rejected),
            (results.Sum(r => r.Applied), results.Sum(r => r.Late), results.Sum(r => r.Duplicate), results.Sum(r => r.Refused.Count)));
        Assert.True(total.Late > 0 && total.Duplicate > 0 && total.Rejected > 0);

        static string Line(LedgerLine line) =>
            $"{line.Source}: {line.Received} = {line.Applied} + {line.Duplicate} + {line.Late} + {line.Rejected}";
    }

    [Fact]
    public async Task Readings_AreTheValuesOfTheStates_AndCountTheBarsThatClosed()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var inputs = HostileMarkets.Stream(seed: 3, count: 3_000, step: Timestamp.Second);
        await EngineReading.SendAsync(engine, inputs, 50);
        var apple = HostileMarkets.Symbols[0];
        var readings = await engine.ReadingsAsync([Symbol.Parse("GHOST"), .. HostileMarkets.Symbols.Reverse()]);
        Assert.Equal(HostileMarkets.Symbols, readings.Select(reading => reading.Symbol));
        Assert.Equal(apple, Assert.Single(await engine.ReadingsAsync([apple])).Symbol);
        Assert.Empty(await engine.ReadingsAsync([]));
        var present = 0;
        foreach (var reading in readings)
        {
            var state = (await engine.StateAsync(reading.Symbol))!;
            var (_, log) = EngineReading.MarketOf(
                EveryFrame, inputs.Where(input => input.Clock is not null || input.Record.Symbol.Equals(reading.Symbol)));
            Assert.Equal(
                (state.Ohlcv.LastPrice, state.Ohlcv.LastTime, state.Sources.Applied, state.Sources.Late),
                (reading.LastPrice, reading.LastTime, reading.Applied, reading.Late));
            Assert.Equal(state.Plan.Shown.Select(series => series.Frame), reading.Frames.Select(frame => frame.Frame));
            foreach (var frame in reading.Frames)
            {
                Assert.Equal(log.Bars.Count(bar => bar.Frame == frame.Frame), frame.Bars);
                var expected = state.Plan.Settings.Columns.Select(column =>
                    column.Spec.Frame is null || column.Spec.Frame == frame.Frame
                        ? state.Ohlcv.Value(frame.Frame, column.Spec)
                        : double.NaN);
                Assert.Equal(expected, frame.Values);
                present += frame.Values.Count(value => !double.IsNaN(value));
            }
        }

        Assert.True(present > 10);
    }

    [Fact]
    public async Task SeveralSendersAtOnce_ComeToTheStatesOfTheBacktest()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var senders = Enumerable.Range(0, 4).Select(number => EngineReading.Inputs(MarketGenerator.Generate(MarketOptions.Hostile with
        {
            Symbols = 3, Names = [.. Enumerable.Range(0, 3).Select(symbol => $"S{number}.{symbol}")], Source = $"feed-{number}",
            Ticks = 3_000, Seed = (ulong)number, Step = Timestamp.Second, Kinds = new KindMix { Tick = 8, Quote = 2, Bar = 1 },
        }))).ToList();
        await Task.WhenAll(senders.Select((inputs, number) => Task.Run(() => EngineReading.SendAsync(engine, inputs, 10 + (number * 37)))));
        var (market, log) = EngineReading.MarketOf(EveryFrame, senders.SelectMany(inputs => inputs));
        await EngineReading.AssertSameAsync(engine, market, log);
    }

    [Fact]
    public async Task EverythingSentTwice_ChangesNothing_AndIsCountedAsDuplicate()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var inputs = Sequenced(seed: 8, count: 1_500);
        await EngineReading.SendAsync(engine, inputs, 64);
        var before = await EngineReading.HashesAsync(engine);
        var again = await EngineReading.SendAsync(engine, inputs, 1_000);
        Assert.Equal(before, await EngineReading.HashesAsync(engine));
        Assert.All(again, result => Assert.Equal((0, 0), (result.Applied, result.Late)));
        Assert.True(again.Sum(result => result.Duplicate) > 1_000);
        Assert.All(await engine.LedgerAsync(), line => Assert.True(line.IsBalanced));
    }

    [Fact]
    public async Task RefusedRecords_AreToldByTheirPlace_AndLeaveNoTrace()
    {
        await using var engine = await OpenAsync(Plan.Parse("""{"frames":["1min"]}"""));
        var feed = Source.Parse("feed");
        Record[] batch =
        [
            Tick("GHOST", 0, 1), Tick("AAPL", 5, 2),
            Record.OfBar(Symbol.Parse("GHOST"), new(feed, 0, 3), At(3), Frame.OneHour, 5, 5, 5, 5, 1),
            Tick("MSFT", 7, 4), Tick("AAPL", -1, 5), Tick("AAPL", 5, 2),
        ];
        var result = await (await engine.SubmitAsync(batch)).Durable;
        Assert.Equal((2, 0, 1), (result.Applied, result.Late, result.Duplicate));
        Assert.Equal(
            [(0, RejectReason.PriceNotPositive), (2, RejectReason.FrameNotInPlan), (4, RejectReason.PriceNotPositive)],
            result.Refused.Select(refused => (refused.Index, refused.Rejection.Reason)));
        Assert.Equal(["AAPL", "MSFT"], (await engine.SymbolsAsync()).Select(summary => summary.Symbol.Name));
        Assert.Null(await engine.StateAsync(Symbol.Parse("GHOST")));

        Record Tick(string symbol, long price, long seq) => Record.OfTick(Symbol.Parse(symbol), new(feed, 0, seq), At(seq), price, 1);
        static Timestamp At(long seconds) => new((1_700_000_000 + seconds) * Timestamp.Second);
    }

    [Fact]
    public async Task Subscriber_ResumesFromAnyPosition_AndSeesWhatComesLater()
    {
        var engine = await OpenAsync(EveryFrame);
        var inputs = HostileMarkets.Stream(seed: 12, count: 1_200, step: 5 * Timestamp.Second);
        var (_, log) = EngineReading.MarketOf(EveryFrame, inputs);
        var count = log.Signals.Count;
        Assert.True(count > 20);
        var live = EngineReading.SignalsAsync(engine, 0, count); // from before the first
        await EngineReading.SendAsync(engine, inputs, 40);
        var all = await live;
        await EngineReading.AssertSignalsAsync(engine, log);
        for (var after = 0; after < count; after += 7)
            Assert.Equal(all.Skip(after).Select(Line), (await EngineReading.SignalsAsync(engine, after, count - after)).Select(Line));
        await CrashAsync(engine);

        await using var next = await OpenAsync(EveryFrame);
        Assert.Equal(all.Select(Line), (await EngineReading.SignalsAsync(next, 0, count)).Select(Line));
        Assert.Equal(all.Skip(count - 1).Select(Line), (await EngineReading.SignalsAsync(next, count - 1, 1)).Select(Line));

        static string Line(LoggedSignal signal) => $"{signal.Position} {Seen.Signal(signal.Signal)}";
    }

    [Fact]
    public async Task LiveReader_SeesTheBarsOfTheBacktest()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var apple = Symbol.Parse("AAPL");
        var inputs = HostileMarkets.Stream(seed: 15, count: 1_000, step: 5 * Timestamp.Second);
        var log = new FoldLog();
        var market = new Market(EveryFrame, log);
        foreach (var input in inputs.Where(input => input.Clock is null && input.Record.Symbol.Equals(apple)))
            market.OnRecord(input.Record);
        Assert.NotEmpty(market.Symbols);
        var expected = log.Bars.Where(bar => bar.Frame == Frame.OneMinute).Select(bar => Text(bar.Bar)).ToList();
        Assert.True(expected.Count > 10);

        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        var filter = new LiveFilter(new HashSet<Symbol> { apple }, new HashSet<Frame> { Frame.OneMinute });
        var events = engine.LiveAsync(filter, patience.Token);
        await EngineReading.SendAsync(engine, inputs.Where(input => input.Clock is null), 30);
        var seen = new List<string>();
        await foreach (var happened in events)
        {
            Assert.Equal(0, happened.Missed);
            seen.Add(Text(happened.Bar!.Bar));
            if (seen.Count == expected.Count) break;
        }

        Assert.Equal(expected, seen);

        static string Text(Domain.Bars.Bar bar) => $"{bar.Opened} {bar.Open} {bar.High} {bar.Low} {bar.Close} {bar.Volume} {bar.Ticks}";
    }

    [Fact]
    public async Task StateOfThePast_IsThatAfterTheLastRecordStampedByThen()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var apple = Symbol.Parse("AAPL");
        var inputs = HostileMarkets.Stream(seed: 21, count: 900, step: 3 * Timestamp.Second);
        await EngineReading.SendAsync(engine, inputs, 25);
        var state = new SymbolState(apple, new SymbolPlan(EveryFrame.For(apple)));
        var moments = new List<(Timestamp Time, string Hash)>();
        foreach (var input in inputs)
        {
            if (input.Clock is { } clock)
            {
                if (moments.Count == 0) continue; // it had no data yet
                Fold.Apply(state, new ClockAdvanced(apple, clock), NoOutput.Instance);
                moments.Add((clock, StateHash.Of(state).ToString()));
            }
            else if (input.Record.Symbol.Equals(apple) && Fold.Decide(state, input.Record).Verdict == Verdict.Accepted)
            {
                Fold.Apply(state, input.Record, NoOutput.Instance);
                moments.Add((input.Record.Time, StateHash.Of(state).ToString()));
            }
        }

        var times = moments.Select(moment => moment.Time).Order().ToList();
        Assert.Null(await engine.StateAsync(apple, new Timestamp(times[0].Nanoseconds - 1)));
        for (var i = 0; i < times.Count; i += 37)
        {
            var past = await engine.StateAsync(apple, times[i]);
            Assert.Equal(moments.Last(moment => moment.Time <= times[i]).Hash, StateHash.Of(past!).ToString());
        }
    }

    [Fact]
    public async Task DrainedEngine_TakesNothingMore_AndEndsItsSubscriptions()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var inputs = Sequenced(seed: 2, count: 500);
        var pending = EngineReading.SendAsync(engine, inputs, 20);
        await pending;
        var (_, log) = EngineReading.MarketOf(EveryFrame, inputs);
        var position = 0L;
        var reader = Task.Run(async () =>
        {
            await foreach (var signal in engine.SignalsAsync(0)) position = signal.Position;
        });
        await engine.DrainAsync();
        await reader.WaitAsync(EngineReading.Timeout);
        Assert.Equal(log.Signals.Count, position);
        await Assert.ThrowsAsync<EngineStoppedException>(async () => await engine.SubmitAsync(new[] { inputs[0].Record }));
        await Assert.ThrowsAsync<EngineStoppedException>(() => engine.AdvanceClockAsync(new Timestamp(1)));
    }

    [ReferenceTheory]
    [InlineData("binance_spot_btcusdt_20240808.csv.gz")]
    [InlineData("bitstamp_btcusd_20110913_20120531.csv")]
    public async Task RecordedTrades_ComeToTheStateOfTheBacktest(string file)
    {
        var sink = new MarketInput();
        RecordFile.Read(ReferenceData.PathOf("trades", file), new ReadOptions(), sink);
        Assert.True(sink.Inputs.Count > 5_000);
        var inputs = sink.Inputs;
        var engine = await OpenAsync(Plan.Default);
        await EngineReading.SendAsync(engine, inputs, 500);
        var (market, log) = EngineReading.MarketOf(Plan.Default, inputs);
        await EngineReading.AssertSameAsync(engine, market, log);
        await CrashAsync(engine);
        await using var next = await OpenAsync(Plan.Default);
        await EngineReading.AssertSameAsync(next, market, log);
    }

    /// <summary>A hostile stream in which every record can be distinguished from its copies.</summary>
    protected static List<Input> Sequenced(int seed, int count) =>
        [.. HostileMarkets.Stream(seed, count, 4 * Timestamp.Second).Where(input => input.Clock is null && input.Record.Id.IsSequenced)];
}
