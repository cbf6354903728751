using System.Text;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Plans;

/// <summary>The memory that a plan needs per symbol is computed before anything is allocated, and matches the real size.</summary>
public class PlanMemoryTests
{
    public static TheoryData<string> Plans => new(
        """{ "frames": ["1min"] }""",
        """{ "frames": ["tick"] }""",
        """{ "frames": ["2min", "3min"], "indicators": ["sma(10)"] }""", // one-minute bars, which the plan does not list
        """{ "frames": ["tick", "1min", "1week", "1month"], "indicators": ["sma(10)", "ema(20)", "rsi(14)@1min", "sma(10)@1min", "volatility(100)@tick"] }""",
        """{ "frames": ["1min"], "indicators": ["sma(10)@tick", "macd(12,26,9)", "bollinger(20,2)", "stochastic(14,3,3)"] }""",
        """{ "frames": ["1min", "5min"], "rules": [{ "name": "a", "rule": "buy when close > 1 on tick" }] }""",
        """
        { "frames": ["1min", "5min"], "indicators": ["sma(10)"],
          "rules": [{ "name": "a", "rule": "buy when sma(10) crosses above sma(50) on 5min and rsi(14)@1min < 70 cooldown 15min" },
                    { "name": "b", "rule": "alert when volatility(100) > 0.005 for 3 bars on 1min cooldown 1hour" }] }
        """);

    [Theory]
    [MemberData(nameof(Plans))]
    public void Words_AreThoseOfTheCompiledPlan(string json)
    {
        var settings = Plan.Parse(json).Settings;
        Assert.Equal(new SymbolPlan(settings).Words, PlanMemory.WordsPerSymbol(settings));
    }

    [Fact]
    public void Words_OfTheDefaultPlan_AndOfEveryIndicator_AreThoseOfTheCompiledPlan()
    {
        Words_AreThoseOfTheCompiledPlan(Plan.Default.ToJson());
        foreach (var kind in IndicatorRegistry.All)
        {
            var spelled = kind.Spell([.. kind.Parameters.Select(
                (one, i) => one.Kind == ParameterKind.Variant ? 0d : one.Kind == ParameterKind.Factor ? 2 : 5 + (10 * i))]);
            Words_AreThoseOfTheCompiledPlan($$"""{ "frames": ["tick", "1min"], "indicators": ["{{spelled}}"] }""");
        }
    }

    /// <summary>The estimate differs from the allocations that the runtime reports by at most a tenth.</summary>
    [Theory]
    [MemberData(nameof(Plans))]
    [InlineData("""{ "frames": ["1min", "5min", "1hour"], "indicators": ["sma(20000)", "donchian(10000)", "stddev(5000)"] }""")]
    public void Bytes_AreWhatASymbolAllocates(string json)
    {
        var settings = Plan.Parse(json).Settings;
        var plan = new SymbolPlan(settings);
        var symbol = Symbol.Parse("AAPL");
        _ = new SymbolState(symbol, plan); // allocated once for all symbols
        var before = GC.GetAllocatedBytesForCurrentThread();
        var state = new SymbolState(symbol, plan);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(state);
        var told = PlanMemory.BytesPerSymbol(settings);
        Assert.InRange(told, allocated * 0.9, allocated * 1.1);
    }

    /// <summary>A plan of 4 kB that needed 230 MB per symbol: rejected without allocating the memory.</summary>
    [Fact]
    public void PlanOfLongWindows_IsRefused_WithItsFigure_AndTakesNothing()
    {
        var indicators = string.Join(',', Enumerable.Range(0, 290).Select(i => $"\"sma({99_999 - i})\""));
        var json = Encoding.UTF8.GetBytes($$"""{ "frames": ["1min"], "indicators": [{{indicators}}] }""");
        Assert.InRange(json.Length, 1, 4_500);
        Assert.True(Plan.TryParse(json, BuiltInCalendars.Source, out var plan, out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = PlanMemory.CheckLimit(plan, PlanMemory.DefaultLimit)!;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.InRange(PlanMemory.BytesPerSymbol(plan), 225_000_000, 240_000_000);
        Assert.Contains(
            FormattableString.Invariant($"{PlanMemory.BytesPerSymbol(plan):N0} bytes"), refusal.Message, StringComparison.Ordinal);
        Assert.Null(PlanMemory.CheckLimit(plan, 240_000_000));
    }

    [Fact]
    public void SymbolOfItsOwn_CountsToo()
    {
        var plan = Plan.Parse("""{ "frames": ["1min"], "symbols": { "BIG": { "indicators": ["sma(90000)"] } } }""");
        Assert.Equal(PlanMemory.BytesPerSymbol(plan.For(Symbol.Parse("BIG"))), PlanMemory.BytesPerSymbol(plan));
        Assert.InRange(PlanMemory.BytesPerSymbol(plan), 720_000, 730_000);
    }
}
