using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.Explaining;
using ActorTrading.TestKit.Folding;
using Xunit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Engines;

/// <summary>
/// Exclusion of accepted records, for every engine: the symbols are the folds without them, and the log withdraws the signals that they
/// caused.
/// </summary>
public abstract partial class EngineConformance
{
    private const int LongStreams = 60;

    /// <summary>Seeds of streams and the records excluded from each; many more in the long form.</summary>
    public static TheoryData<int, string> Streams
    {
        get
        {
            string[] kinds = ["id", "id", "source", "span", "source in a span", "anonymous"];
            var count = Environment.GetEnvironmentVariable(Fuzz.LongVariable) == "1" ? LongStreams : kinds.Length;
            var streams = new TheoryData<int, string>();
            for (var i = 0; i < count; i++) streams.Add(101 + i + (i < kinds.Length ? 0 : 100), kinds[i % kinds.Length]);
            return streams;
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task ExcludedRecords_LeaveTheFoldWithoutThem_OnAHostileMarket_AlsoAfterCrashAndDrain(int seed, string kind)
    {
        var random = new Random(seed);
        var inputs = HostileMarkets.Stream(seed, count: 1_500, step: 3 * Timestamp.Second);
        var part = inputs.Count / 3;
        var market = new ReplannedMarket(EveryFrame).Take(inputs.Take(part));
        var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs.Take(part), 20);
        await ExcludeAsync(engine, market, Apple, Pick(market.RecordsOf(Apple), kind, random));
        await AssertIsExcludedAsync(market, engine);

        await EngineReading.SendAsync(engine, inputs.Skip(part).Take(part), 20);
        market.Take(inputs.Skip(part).Take(part));
        await AssertIsExcludedAsync(market, engine);
        await CrashAsync(engine);
        engine = await OpenAsync(null);
        await AssertIsExcludedAsync(market, engine);
        await ExcludeAsync(engine, market, Bitcoin, Pick(market.RecordsOf(Bitcoin), kind, random));
        await ExcludeAsync(engine, market, Apple, Pick(market.RecordsOf(Apple), "id", random));
        await AssertIsExcludedAsync(market, engine);
        await engine.DrainAsync();
        await engine.DisposeAsync();

        engine = await OpenAsync(EveryFrame);
        await AssertIsExcludedAsync(market, engine);
        await EngineReading.SendAsync(engine, inputs, 50); // the whole market again, then the rest
        market.Take(inputs);
        await AssertIsExcludedAsync(market, engine);
        Assert.All(await engine.LedgerAsync(), line => Assert.True(line.IsBalanced));
        await engine.DrainAsync();
        await engine.DisposeAsync();
        AssertSoundWithout(market, exclusions: 3);
    }

    [Fact]
    public async Task ExclusionAndPlan_ChangeEachOther_InAnyOrder()
    {
        var inputs = HostileMarkets.Stream(seed: 111, count: 1_200, step: 3 * Timestamp.Second);
        var market = new ReplannedMarket(Rising).Take(inputs.Take(500));
        var engine = await OpenAsync(Rising);
        await EngineReading.SendAsync(engine, inputs.Take(500), 20);
        await engine.ChangePlanAsync(Falling);
        market.SwitchPlan(Falling).Take(inputs.Skip(500).Take(300));
        await EngineReading.SendAsync(engine, inputs.Skip(500).Take(300), 20);
        var times = market.RecordsOf(Apple).Select(record => record.Time).Order().ToList();
        var span = new RecordFilter(From: times[times.Count / 5], To: times.First(time => time > times[4 * times.Count / 5]));
        await ExcludeAsync(engine, market, Apple, span); // signals of both plans are in the log
        await AssertIsExcludedAsync(market, engine);
        Assert.NotEmpty(market.Withdrawn);
        await engine.ChangePlanAsync(EveryFrame);
        market.SwitchPlan(EveryFrame);
        Assert.Equal(EveryFrame.Hash, engine.Plan.Hash);
        Assert.Equal(span, Assert.Single(engine.Plan.For(Apple).Exclusions!.All).Filter);
        await EngineReading.SendAsync(engine, inputs.Skip(800), 20);
        market.Take(inputs.Skip(800));
        await AssertIsExcludedAsync(market, engine);
        await CrashAsync(engine);

        await using var next = await OpenAsync(Falling);
        market.SwitchPlan(Falling);
        await AssertIsExcludedAsync(market, next);
        await next.DrainAsync();
        AssertSoundWithout(market, exclusions: 1);
    }

    [Fact]
    public async Task PoisonOfTheFarFuture_Excluded_LetsTheSymbolLive_AndIncludedAgain_NoLonger()
    {
        var plan = Plan.Parse("""{"frames":["1min"],"rules":["alert when close crosses above 250 on 1min"]}""");
        var feed = Source.Parse("feed");
        var start = Timestamp.FromDateTime(new DateTime(2025, 3, 14, 0, 0, 0, DateTimeKind.Utc)).Nanoseconds;
        Record[] records = [.. Enumerable.Range(0, 200).Select(i => Record.OfTick(
            Apple, new Identity(feed, 0, i),
            i == 5 ? new Timestamp(start + (36_525 * Timestamp.Day)) : new Timestamp(start + (i * Timestamp.Minute)),
            (200 + i) * 100_000_000L, 1))];
        var engine = await OpenAsync(plan);
        await EngineReading.SendAsync(engine, EngineReading.Inputs(records), 10);
        var poisoned = await engine.HashAsync();
        Assert.Equal(194, (await engine.StateAsync(Apple))!.Sources.Late);

        var outcome = await engine.ExcludeAsync(Apple, new ExclusionRequest(ExclusionRequest.ParseId("feed:5")!, "ops"));
        Assert.True(outcome.IsChanged);
        Assert.Equal((1, new RecordFilter(feed, 0, 5), "ops"), (outcome.Exclusion.Records, outcome.Exclusion.Filter, outcome.Exclusion.By));
        Assert.Empty(outcome.Signals.Withdrawn);
        Assert.Equal(250 * 100_000_000L + 100_000_000, Assert.Single(outcome.Signals.Anew).Price);
        var (market, log) = EngineReading.MarketOf(plan, EngineReading.Inputs(records.Where(record => record.Id.Seq != 5)));
        Assert.Equal(market.Hash(), await engine.HashAsync());
        Assert.Equal(0, (await engine.StateAsync(Apple))!.Sources.Late);
        var bars = new List<BarClosed>();
        await foreach (var bar in engine.BarsAsync(Apple, Frame.OneMinute, new Timestamp(0), new Timestamp(long.MaxValue))) bars.Add(bar);
        Assert.Equal(log.Bars.Select(bar => Seen.Bar(bar.Frame, bar.Bar)), bars.Select(bar => Seen.Bar(bar.Frame, bar.Bar)));
        var then = new Timestamp(start + (20 * Timestamp.Minute));
        var (early, _) = EngineReading.MarketOf(plan, EngineReading.Inputs(records.Where(record => record.Time <= then)));
        Assert.Equal(early.Find(Apple) is { } state ? StateHash.Of(state) : default, StateHash.Of((await engine.StateAsync(Apple, then))!));

        // It remains a duplicate, and the next record builds the next bar.
        var again = await (await engine.SubmitAsync(
            records.Append(Record.OfTick(Apple, new Identity(feed, 0, 200), new Timestamp(start + (200 * Timestamp.Minute)), 400, 1))
                .ToArray())).Durable;
        Assert.Equal((1, 0, 200), (again.Applied, again.Late, again.Duplicate));
        await engine.DrainAsync();
        await engine.DisposeAsync();
        engine = await OpenAsync(null);
        var third = await (await engine.SubmitAsync(records)).Durable;
        Assert.Equal((0, 0, 200), (third.Applied, third.Late, third.Duplicate));

        var back = await engine.IncludeAsync(Apple, outcome.Exclusion.Number);
        Assert.Null(engine.Plan.For(Apple).Exclusions);
        Assert.Equal(outcome.Exclusion.Filter, back.Exclusion.Filter);
        Assert.Equal(195, (await engine.StateAsync(Apple))!.Sources.Late);
        Assert.Equal(poisoned, StateHash.Of([KeyValuePair.Create(
            Apple, StateHash.Of((await engine.StateAsync(Apple, new Timestamp(start + (199 * Timestamp.Minute))))!))]));
        await engine.DrainAsync();
        await engine.DisposeAsync();
        Assert.Empty(Verify().Faults);
    }

    [Fact]
    public async Task WithdrawnSignal_IsTheLogsNextEntry_ExplainedAsWithdrawn_AndTheExplanationOfOthersIsWithoutTheRecord()
    {
        var plan = Plan.Parse("""{"frames":["1min"],"rules":["buy when close > 100 on 1min"]}""");
        var feed = Source.Parse("feed");
        long[] prices = [90, 150, 90, 150, 90];
        Record[] records = [.. prices.Select((price, i) => Record.OfTick(
            Apple, new Identity(feed, 0, i), new Timestamp((1_700_000_000 + (60 * i)) * Timestamp.Second), price * 100_000_000, 1))];
        var engine = await OpenAsync(plan);
        await EngineReading.SendAsync(engine, EngineReading.Inputs(records), 1);
        var fired = await EngineReading.SignalsAsync(engine, 0, 2);
        var outcome = await engine.ExcludeAsync(Apple, new ExclusionRequest([new RecordFilter(feed, 0, 1)]));
        Assert.Equal(fired[0].Signal.Id, Assert.Single(outcome.Signals.Withdrawn).Id);
        Assert.Empty(outcome.Signals.Anew);
        var entry = Assert.Single(await EngineReading.SignalsAsync(engine, 2, 1));
        Assert.Equal(
            (3, SignalAction.Withdrawn, 1, fired[0].Signal.Id),
            (entry.Position, entry.Signal.Action, entry.Signal.Number, entry.Signal.Id));
        await CrashAsync(engine);

        await using var next = await OpenAsync(null);
        var explained = await next.ExplainAsync(fired[0].Signal.Id);
        Assert.Equal((ExplanationOutcome.Withdrawn, 1L, 3L), (explained!.Outcome, explained.Logged!.Position, explained.WithdrawnAt));
        var other = await next.ExplainAsync(fired[1].Signal.Id);
        Assert.Equal((ExplanationOutcome.OfAnotherPlan, 0L), (other!.Outcome, other.WithdrawnAt));
        await next.SubmitAsync(
            new[] { Record.OfTick(Apple, new Identity(feed, 0, 9), new Timestamp(1_700_000_600 * Timestamp.Second), 150_00000000, 1) });
        await (await next.SubmitAsync(new[]
        {
            Record.OfTick(Apple, new Identity(feed, 0, 10), new Timestamp(1_700_000_700 * Timestamp.Second), 90_00000000, 1),
        })).Durable;
        var last = Assert.Single(await EngineReading.SignalsAsync(next, 3, 1));
        Assert.Equal((4, 2), (last.Position, last.Signal.Number));
        Assert.Equal(ExplanationOutcome.Same, (await next.ExplainAsync(last.Signal.Id))!.Outcome);
        await next.DrainAsync();
        var report = Verify();
        Assert.Empty(report.Faults);
        Assert.Equal(
            (1, 1, 1, 2, 1),
            (report.SignalsWithdrawn, report.Exclusions, report.RecordsExcluded, report.SignalsOfOtherPlans, report.Signals));
    }

    [Fact]
    public async Task Exclusion_IsRefused_WhereNothingFits_AndChangesNothingTheSecondTime()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var inputs = HostileMarkets.Stream(seed: 113, count: 400, step: 3 * Timestamp.Second);
        var market = new ReplannedMarket(EveryFrame).Take(inputs);
        await EngineReading.SendAsync(engine, inputs, 20);
        var known = market.RecordsOf(Apple).First(record => record.Id.IsSequenced).Id;
        await RefusedAsync(ExclusionError.UnknownSymbol, Symbol.Parse("GHOST"), new RecordFilter(known.Source));
        await RefusedAsync(ExclusionError.NoSuchRecord, Apple, new RecordFilter(known.Source, known.Epoch, 1_000_000));
        await RefusedAsync(ExclusionError.NoSuchRecord, Apple, new RecordFilter(From: new Timestamp(1), To: new Timestamp(2)));
        var missing = await Assert.ThrowsAsync<ExclusionException>(() => engine.IncludeAsync(Apple, 2));
        Assert.Equal(ExclusionError.UnknownExclusion, missing.Error);

        // Without its epoch, the id of a restarted source can match several records.
        var last = market.RecordsOf(Apple).Last(record => record.Kind == RecordKind.Tick);
        List<Input> twice = [.. new[] { 1, 2 }.Select(epoch => Input.Of(last.WithIdentity(new Identity(Source.Parse("x:3"), epoch, 7))))];
        await EngineReading.SendAsync(engine, twice, 2);
        market.Take(twice);
        var ambiguous = await RefusedAsync(ExclusionError.AmbiguousId, Apple, [.. ExclusionRequest.ParseId("x:3:7")!]);
        Assert.All(["x:3:1:7", "x:3:2:7"], id => Assert.Contains(id, ambiguous));
        await RefusedAsync(ExclusionError.NoSuchRecord, Apple, [.. ExclusionRequest.ParseId("x:7")!]);
        Assert.Equal(market.Hash, await engine.HashAsync());
        Assert.Equal(EveryFrame.For(Apple).Hash, engine.Plan.For(Apple).Hash);

        Assert.Equal(
            new RecordFilter(Source.Parse("x:3"), 2, 7),
            (await engine.ExcludeAsync(Apple, new ExclusionRequest(ExclusionRequest.ParseId("x:3:2:7")!))).Exclusion.Filter);
        market.Exclude(Apple, record => record.Id is { Source.Name: "x:3", Epoch: 2 });
        var first = await ExcludeAsync(engine, market, Apple, new RecordFilter(known.Source, known.Epoch, known.Seq));
        var second = await engine.ExcludeAsync(Apple, new ExclusionRequest([new RecordFilter(known.Source, known.Epoch, known.Seq)]));
        Assert.Equal((true, false, first.Exclusion.Number), (first.IsChanged, second.IsChanged, second.Exclusion.Number));
        await AssertIsExcludedAsync(market, engine);
        await engine.IncludeAsync(Apple, first.Exclusion.Number);
        missing = await Assert.ThrowsAsync<ExclusionException>(() => engine.IncludeAsync(Apple, first.Exclusion.Number));
        Assert.Equal(ExclusionError.UnknownExclusion, missing.Error);

        async Task<string> RefusedAsync(ExclusionError refusal, Symbol symbol, params RecordFilter[] readings)
        {
            var exception = await Assert.ThrowsAsync<ExclusionException>(() => engine.ExcludeAsync(symbol, new ExclusionRequest(readings)));
            Assert.Equal(refusal, exception.Error);
            return exception.Message;
        }
    }

    [Fact]
    public async Task SymbolOfWhichEverythingIsExcluded_IsGone_UntilSomethingComes()
    {
        var inputs = HostileMarkets.Stream(seed: 114, count: 300, step: 3 * Timestamp.Second).Where(input => input.Clock is null).ToList();
        var market = new ReplannedMarket(EveryFrame).Take(inputs);
        var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 20);
        await ExcludeAsync(engine, market, Bitcoin, new RecordFilter(From: new Timestamp(long.MinValue + 1)));
        for (var life = 0; life < 2; life++)
        {
            await AssertIsExcludedAsync(market, engine);
            Assert.Equal(1, engine.Plan.For(Bitcoin).Exclusions?.All.Count);
            Assert.DoesNotContain(Bitcoin, market.Symbols);
            Assert.Null(await engine.StateAsync(Bitcoin));
            Assert.Null(await engine.StateAsync(Bitcoin, new Timestamp(long.MaxValue)));
            Assert.Empty(await engine.ReadingsAsync([Bitcoin]));
            await engine.DrainAsync();
            await engine.DisposeAsync();
            engine = await OpenAsync(null);
        }

        var one = Input.Of(Record.OfTick(Bitcoin, new Identity(Source.Parse("late"), 0, 1), inputs[0].Record.Time, 100_000_000, 1));
        await EngineReading.SendAsync(engine, [one], 1);
        market.Take([one]);
        await AssertIsExcludedAsync(market, engine);
        await engine.DrainAsync();
        await engine.DisposeAsync();
        AssertSoundWithout(market, exclusions: 1);
    }

    [Fact]
    public async Task ExclusionsUnderLoad_LoseNothing_AndWithdrawEachSignalOnce()
    {
        var inputs = HostileMarkets.Stream(seed: 115, count: 2_400, step: 2 * Timestamp.Second)
            .Where(input => input.Clock is null).ToList();
        var first = new ReplannedMarket(EveryFrame).Take(inputs.Take(400));
        var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs.Take(400), 20);
        var ids = first.RecordsOf(Apple).Where(record => record.Id.IsSequenced).Select(record => record.Id).Where((_, i) => i % 40 == 7)
            .Take(4).ToList();
        var sending = Task.Run(() => EngineReading.SendAsync(engine, inputs.Skip(400), 7));
        await Task.WhenAll(
            ids.Select(id => engine.ExcludeAsync(Apple, new ExclusionRequest([new RecordFilter(id.Source, id.Epoch, id.Seq)]))));
        await sending.WaitAsync(EngineReading.Timeout);
        Assert.Equal(ids.Count, engine.Plan.For(Apple).Exclusions!.All.Count);
        var state = (await engine.StateAsync(Apple))!;
        await engine.DrainAsync();
        await engine.DisposeAsync();
        var report = Verify();
        Assert.Empty(report.Faults);
        Assert.Equal((ids.Count, (long)ids.Count, 0), (report.Exclusions, report.RecordsExcluded, report.SignalsToLog));

        // The market after the last change equals one in which all changes came at the end, unless a limit depends on earlier records: none
        // here does.
        var market = new ReplannedMarket(EveryFrame).Take(inputs);
        market.Exclude(Apple, record => ids.Contains(record.Id));
        if (market.RecordsOf(Apple).Count == state.Sources.Applied + state.Sources.Late)
            Assert.Equal(market.HashOf(Apple), StateHash.Of(state));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(200)]
    public async Task CrashInTheMiddleOfAnExclusion_LeavesTheFoldWithOrWithout_AndEachWithdrawalOnce(int turns)
    {
        var inputs = HostileMarkets.Stream(seed: 116, count: 700, step: 3 * Timestamp.Second);
        var market = new ReplannedMarket(EveryFrame).Take(inputs);
        var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 20);
        var times = market.RecordsOf(Apple).Select(record => record.Time).Order().ToList();
        var span = new RecordFilter(From: times[times.Count / 4], To: times[times.Count / 2]);
        var excluding = engine.ExcludeAsync(Apple, new ExclusionRequest([span]));
        await CrashInTheMiddleAsync(engine, excluding, turns);

        await using var next = await OpenAsync(null);
        if (next.Plan.For(Apple).Exclusions is not null) market.Exclude(Apple, record => span.Fits(record));
        await AssertIsExcludedAsync(market, next);
        if (next.Plan.For(Apple).Exclusions is null) await ExcludeAsync(next, market, Apple, span);
        await AssertIsExcludedAsync(market, next);
        await next.DrainAsync();
        AssertSoundWithout(market, exclusions: 1);
    }

    private static RecordFilter Pick(List<Record> records, string kind, Random random)
    {
        var sequenced = records.Where(record => record.Id.IsSequenced).ToList();
        var id = sequenced[random.Next(sequenced.Count)].Id;
        var times = records.Select(record => record.Time).Order().ToList();
        var first = random.Next(times.Count / 2);
        var (from, to) = (times[first], times[first + (times.Count / 8) + 1]);
        return kind switch
        {
            "id" => new RecordFilter(id.Source, id.Epoch, id.Seq),
            "source" => new RecordFilter(id.Source),
            "span" => new RecordFilter(From: from, To: to),
            "source in a span" =>
                new RecordFilter(records.First(record => record.Time >= from && record.Time < to).Id.Source, From: from, To: to),
            _ => new RecordFilter(Source.Anonymous),
        };
    }

    private static async Task<ExclusionOutcome> ExcludeAsync(IEngine engine, ReplannedMarket market, Symbol symbol, RecordFilter filter)
    {
        var count = market.RecordsOf(symbol).Count(record => filter.Fits(record));
        var outcome = await engine.ExcludeAsync(symbol, new ExclusionRequest([filter]));
        Assert.Equal((true, count), (outcome.IsChanged, outcome.Exclusion.Records));
        var before = market.Withdrawn;
        market.Exclude(symbol, record => filter.Fits(record));
        Assert.Equal(market.Withdrawn.Count - before.Count, outcome.Signals.Withdrawn.Count);
        return outcome;
    }

    /// <summary>States, symbols and signals equal those of the market; each withdrawal follows its signal, once.</summary>
    private static async Task AssertIsExcludedAsync(ReplannedMarket market, IEngine engine)
    {
        Assert.Equal(market.Hash, await engine.HashAsync());
        Assert.Equal(market.Symbols, (await engine.SymbolsAsync()).Select(summary => summary.Symbol));
        var (fired, withdrawn) = (market.Signals, market.Withdrawn);
        var log = await EngineReading.SignalsAsync(engine, 0, fired.Count + withdrawn.Count);
        Assert.Equal(Enumerable.Range(1, log.Count).Select(position => (long)position), log.Select(entry => entry.Position));
        Assert.Equal(
            fired,
            ReplannedMarket.Ordered(log.Where(entry => entry.Signal.Action != SignalAction.Withdrawn).Select(entry => entry.Signal)));
        var withdrawals = log.Where(entry => entry.Signal.Action == SignalAction.Withdrawn).ToList();
        Assert.Equal(withdrawn, withdrawals.Select(entry => entry.Signal.Id).Order(StringComparer.Ordinal));
        Assert.Equal(withdrawals.Count, withdrawals.Select(entry => entry.Signal.Number).Distinct().Count());
        Assert.All(withdrawals, entry =>
        {
            Assert.True(entry.Signal.Number < entry.Position);
            Assert.Equal(log[(int)entry.Signal.Number - 1].Signal.Id, entry.Signal.Id);
        });
    }

    private void AssertSoundWithout(ReplannedMarket market, int exclusions)
    {
        var report = Verify();
        Assert.Empty(report.Faults);
        Assert.Equal(market.Hash, report.Hash);
        Assert.Equal((0, market.Signals.Count), (report.SignalsToLog, report.Signals + report.SignalsOfOtherPlans));
        Assert.Equal((exclusions, (long)market.Withdrawn.Count), (report.Exclusions, report.SignalsWithdrawn));
        Assert.True(report.RecordsExcluded > 0);
    }
}
