using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.TestKit.Folding;
using Xunit;

namespace ActorTrading.TestKit.Engines;

/// <summary>Change of the plan while the engine runs.</summary>
public abstract partial class EngineConformance
{
    private static readonly Plan Rising = Plan.Parse("""{"frames":["1min"],"rules":["alert when close crosses above ema(3) on tick"]}""");
    private static readonly Plan Falling = Plan.Parse("""{"frames":["1min"],"rules":["alert when close crosses below ema(3) on tick"]}""");

    [Fact]
    public async Task ChangedPlan_FoldsThePast_JudgesWhatComes_AndLogsNothingThatIsPast_ThereAndBack()
    {
        var inputs = HostileMarkets.Stream(seed: 81, count: 1_200, step: 3 * Timestamp.Second);
        Plan[] plans = [EveryFrame, Rising, TestPlans.All["middles, with frames left out"], EveryFrame, Plan.Default, EveryFrame];
        var market = new ReplannedMarket(plans[0]);
        var engine = await OpenAsync(plans[0]);
        var part = inputs.Count / plans.Length;
        for (var i = 0; i < plans.Length; i++)
        {
            if (i > 0) await engine.ChangePlanAsync(plans[i]);
            if (i > 0) market.SwitchPlan(plans[i]);
            Assert.Equal(plans[i].Hash, engine.Plan.Hash);
            Assert.Equal(market.Hash, await engine.HashAsync());
            var some = inputs.Skip(i * part).Take(part).ToList();
            await EngineReading.SendAsync(engine, some, 20);
            market.Take(some);
            Assert.Equal(market.Hash, await engine.HashAsync());
            if (i == 2) await CrashAsync(engine);
            if (i == 2) engine = await OpenAsync(null);
        }

        await AssertIsAsync(market, engine);
        await CrashAsync(engine);
        await using var next = await OpenAsync(null);
        Assert.Equal(plans[^1].Hash, next.Plan.Hash);
        await AssertIsAsync(market, next);
        await next.DrainAsync();
        AssertSound(market);
    }

    [Fact]
    public async Task PlanGivenAtTheStart_IsAChangeLikeAnyOther_AndNoneIsTheJournals()
    {
        var inputs = HostileMarkets.Stream(seed: 82, count: 600, step: 3 * Timestamp.Second);
        var engine = await OpenAsync(null);
        Assert.Equal(Plan.Default.Hash, engine.Plan.Hash);
        await engine.DrainAsync();
        await engine.DisposeAsync();

        engine = await OpenAsync(Rising);
        await EngineReading.SendAsync(engine, inputs.Take(400), 20);
        await CrashAsync(engine);
        engine = await OpenAsync(Falling);
        var market = new ReplannedMarket(Rising).Take(inputs.Take(400)).SwitchPlan(Falling);
        await AssertIsAsync(market, engine);
        await CrashAsync(engine);

        engine = await OpenAsync(null);
        Assert.Equal(Falling.Hash, engine.Plan.Hash);
        await EngineReading.SendAsync(engine, inputs.Skip(400), 20);
        market.Take(inputs.Skip(400));
        await AssertIsAsync(market, engine);
        await engine.ChangePlanAsync(Falling); // which the plan contains
        await engine.DrainAsync();
        AssertSound(market);
        await Assert.ThrowsAsync<EngineStoppedException>(() => engine.ChangePlanAsync(Rising));
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task PlanChangedUnderLoad_LosesNothing_AndEverySignalIsOfThePlanThatWasInForce()
    {
        var inputs = HostileMarkets.Stream(seed: 83, count: 3_000, step: 2 * Timestamp.Second).Where(input => input.Clock is null).ToList();
        var engine = await OpenAsync(Rising);
        var sending = Task.Run(() => EngineReading.SendAsync(engine, inputs, 7));
        Plan[] plans = [Falling, Rising, Falling, Rising, Falling];
        foreach (var plan in plans) await engine.ChangePlanAsync(plan);
        var results = await sending.WaitAsync(EngineReading.Timeout);
        var (market, log) = EngineReading.MarketOf(Falling, inputs);
        var total = market.Ledger.Total();
        Assert.Equal(
            (total.Applied, total.Late, total.Duplicate, total.Rejected),
            (results.Sum(result => result.Applied), results.Sum(result => result.Late), results.Sum(result => result.Duplicate),
                results.Sum(result => result.Refused.Count)));
        Assert.Equal(market.Hash(), await engine.HashAsync());
        Assert.All(await engine.LedgerAsync(), line => Assert.True(line.IsBalanced));
        await engine.DrainAsync();

        var (_, risen) = EngineReading.MarketOf(Rising, inputs);
        var given = log.Signals.Concat(risen.Signals).Select(Seen.Signal).ToHashSet();
        var logged = new List<LoggedSignal>();
        await foreach (var signal in engine.SignalsAsync(0)) logged.Add(signal);
        Assert.Equal(Enumerable.Range(1, logged.Count).Select(position => (long)position), logged.Select(signal => signal.Position));
        Assert.All(logged, signal => Assert.Contains(Seen.Signal(signal.Signal), given));
        Assert.Equal(logged.Count, logged.Select(signal => signal.Signal.Id).Distinct().Count());
        await engine.DisposeAsync();
        Assert.NotEmpty(logged);
        var report = Verify();
        Assert.Empty(report.Faults);
        Assert.Equal((0, market.Hash()), (report.SignalsToLog, report.Hash));
        Assert.Equal(logged.Count, report.Signals + report.SignalsOfOtherPlans);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public async Task CrashInTheMiddleOfAChange_LeavesTheOldPlanOrTheNewOne_WithAllThatWasAccepted(int turns)
    {
        var inputs = HostileMarkets.Stream(seed: 84, count: 900, step: 3 * Timestamp.Second);
        var market = new ReplannedMarket(Rising).Take(inputs);
        var engine = await OpenAsync(Rising);
        await EngineReading.SendAsync(engine, inputs, 20);
        var changing = engine.ChangePlanAsync(Falling);
        await CrashInTheMiddleAsync(engine, changing, turns);

        await using var next = await OpenAsync(null);
        if (next.Plan.Hash == Falling.Hash) market.SwitchPlan(Falling);
        else Assert.Equal(Rising.Hash, next.Plan.Hash);
        await AssertIsAsync(market, next);
        await next.ChangePlanAsync(Falling);
        market.SwitchPlan(Falling);
        await AssertIsAsync(market, next);
        await next.DrainAsync();
        AssertSound(market);
    }

    [Fact]
    public async Task SeveralChangesAtOnce_AllCome_OneAfterAnother()
    {
        var inputs = HostileMarkets.Stream(seed: 85, count: 300, step: 3 * Timestamp.Second);
        await using var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 20);
        await Task.WhenAll(engine.ChangePlanAsync(Rising), engine.ChangePlanAsync(Falling), engine.ChangePlanAsync(Rising))
            .WaitAsync(EngineReading.Timeout);
        Assert.True(engine.Plan.Hash == Rising.Hash || engine.Plan.Hash == Falling.Hash);
        await AssertIsAsync(new ReplannedMarket(EveryFrame).Take(inputs).SwitchPlan(engine.Plan), engine);
    }

    private static async Task AssertIsAsync(ReplannedMarket market, IEngine engine)
    {
        Assert.Equal(market.Hash, await engine.HashAsync());
        var expected = market.Signals;
        Assert.NotEmpty(expected);
        Assert.Equal(
            expected,
            ReplannedMarket.Ordered((await EngineReading.SignalsAsync(engine, 0, expected.Count)).Select(signal => signal.Signal)));
    }

    private void AssertSound(ReplannedMarket market)
    {
        var report = Verify();
        Assert.Empty(report.Faults);
        Assert.Equal(market.Hash, report.Hash);
        Assert.Equal((0, market.Signals.Count), (report.SignalsToLog, report.Signals + report.SignalsOfOtherPlans));
    }
}
