using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.TestKit.Folding;
using Xunit;

namespace ActorTrading.TestKit.Engines;

/// <summary>Subscribers to the state of a symbol.</summary>
public abstract partial class EngineConformance
{
    private static readonly TimeSpan OftenEnough = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task WatchedState_IsTheOneThatIsAskedFor_AndComesAgainOnlyWhenItHasChanged()
    {
        await using var engine = await OpenAsync(EveryFrame);
        var apple = HostileMarkets.Symbols[0];
        var inputs = Sequenced(seed: 51, count: 1_200);
        var seen = new List<string>();
        using var patience = new CancellationTokenSource(EngineReading.Timeout);
        var watching = WatchAsync(engine, apple, seen, patience.Token); // before any record
        for (var sent = 0; sent < inputs.Count; sent += 300)
        {
            await EngineReading.SendAsync(engine, inputs.Skip(sent).Take(300), 30);
            var hash = StateHash.Of((await engine.StateAsync(apple))!).ToString();
            await EngineReading.UntilAsync(() => Last(seen) == hash);
        }

        var later = new List<string>();
        var second = WatchAsync(engine, apple, later, patience.Token); // a late subscriber gets the current state at once
        await EngineReading.UntilAsync(() => later.Count > 0);
        await EngineReading.SendAsync(engine, inputs.Take(300), 30); // duplicates do not change the state
        var other = inputs.First(input => input.Clock is null && !input.Record.Symbol.Equals(apple)).Record.Symbol;
        var others = new List<string>();
        var third = WatchAsync(engine, other, others, patience.Token);
        await EngineReading.UntilAsync(() => others.Count > 0);
        Assert.Equal(Last(seen), Assert.Single(later.Distinct()));
        lock (seen) Assert.Equal(seen.Distinct().Count(), seen.Count);
        await patience.CancelAsync();
        foreach (var task in new[] { watching, second, third }) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Fact]
    public async Task WatchedState_GoesOverWithThePlan_AndEndsWithTheEngine()
    {
        var engine = await OpenAsync(EveryFrame);
        var apple = HostileMarkets.Symbols[0];
        await EngineReading.SendAsync(engine, HostileMarkets.Stream(seed: 52, count: 600, step: 3 * Timestamp.Second), 30);
        var seen = new List<string>();
        var watching = WatchAsync(engine, apple, seen, CancellationToken.None);
        await EngineReading.UntilAsync(() => seen.Count > 0);
        await engine.ChangePlanAsync(Plan.Parse("""{"frames":["1min"],"indicators":["sma(2)"]}"""));
        var hash = StateHash.Of((await engine.StateAsync(apple))!).ToString();
        await EngineReading.UntilAsync(() => Last(seen) == hash);
        await engine.DrainAsync();
        await Assert.ThrowsAsync<EngineStoppedException>(() => watching.WaitAsync(EngineReading.Timeout));
        await engine.DisposeAsync();
    }

    private static async Task WatchAsync(IEngine engine, Symbol symbol, List<string> seen, CancellationToken cancellation)
    {
        await foreach (var state in engine.StatesAsync(symbol, OftenEnough, cancellation))
        {
            Assert.Equal(symbol, state.Symbol);
            lock (seen) seen.Add(StateHash.Of(state).ToString());
        }
    }

    private static string? Last(List<string> seen)
    {
        lock (seen) return seen.LastOrDefault();
    }
}
