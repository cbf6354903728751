using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Excluding;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit.Folding;
using Xunit;

namespace ActorTrading.TestKit.Engines;

public abstract partial class EngineConformance
{
    [Fact]
    public async Task CoveredEvents_AreDeleted_AndNothingButThePastBeforeThemIsMissing()
    {
        var inputs = HostileMarkets.Stream(seed: 41, count: 1_500, step: 5 * Timestamp.Second);
        var (market, expected) = EngineReading.MarketOf(EveryFrame, inputs);
        var engine = await OpenDeletingAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs, 10);
        await EngineReading.AssertSameAsync(engine, market, expected);
        await DeletedBeforeDrainAsync(Apple);
        await engine.DrainAsync();
        await engine.DisposeAsync();
        Assert.True(FirstEventOf(Apple) > 1);
        var report = Verify();
        Assert.Empty(report.Faults);
        Assert.Equal(market.Hash(), report.Hash);

        engine = await OpenAsync(EveryFrame);
        await EngineReading.AssertSameAsync(engine, market, expected);
        var deleted = await Assert.ThrowsAsync<EventsDeletedException>(() => engine.StateAsync(Apple, new Timestamp(0)));
        Assert.Equal((Apple, FirstEventOf(Apple)), (deleted.Symbol, deleted.First));
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Exclusion_IsRefused_WhereTheFirstEventsAreDeleted_AndAnEarlierOneStaysInForce()
    {
        var inputs = HostileMarkets.Stream(seed: 64, count: 900, step: 5 * Timestamp.Second);
        var id = inputs.First(input => input.Clock is null && input.Record.Symbol.Equals(Apple) && input.Record.Id.IsSequenced).Record.Id;
        var engine = await OpenAsync(EveryFrame);
        await EngineReading.SendAsync(engine, inputs.Take(300), 10);
        var number = (await engine.ExcludeAsync(
            Apple, new ExclusionRequest([new RecordFilter(id.Source, id.Epoch, id.Seq)]))).Exclusion.Number;
        await engine.DrainAsync();
        await engine.DisposeAsync();

        engine = await OpenDeletingAsync(null);
        await EngineReading.SendAsync(engine, inputs.Skip(300), 10);
        await DeletedBeforeDrainAsync(Apple);
        await engine.DrainAsync();
        await engine.DisposeAsync();
        Assert.True(FirstEventOf(Apple) > 1);

        engine = await OpenAsync(null);
        var hash = await engine.HashAsync();
        Assert.Equal(number, Assert.Single(engine.Plan.For(Apple).Exclusions!.All).Number);
        var deleted = await Assert.ThrowsAsync<EventsDeletedException>(
            () => engine.ExcludeAsync(Apple, new ExclusionRequest([new RecordFilter(id.Source)])));
        Assert.Equal((Apple, FirstEventOf(Apple)), (deleted.Symbol, deleted.First));
        await Assert.ThrowsAsync<EventsDeletedException>(() => engine.IncludeAsync(Apple, number));
        Assert.Equal(hash, await engine.HashAsync());
        var excluded = inputs.Where(input => input.Clock is null && input.Record.Id == id).Select(input => input.Record).ToArray();
        var again = await (await engine.SubmitAsync(excluded)).Durable;
        Assert.Equal((excluded.Length, 0), (again.Duplicate, again.Applied + again.Late));
        await engine.DrainAsync();
        await engine.DisposeAsync();
        Assert.Empty(Verify().Faults);
    }

    /// <summary>The number of the first event of a symbol in the journal.</summary>
    protected long FirstEventOf(Symbol symbol) => InJournal(journal =>
    {
        var first = 0L;
        journal.Read(PersistenceIds.Of(symbol), 1, long.MaxValue, (in JournalRow row) => (first = row.SequenceNumber) < 0);
        return first;
    });
}
