using System.Diagnostics.Metrics;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Telemetry;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Engine.Tests.Embedded;

public sealed class EngineMeterTests : IDisposable
{
    private readonly MemoryJournal journal = new();
    private readonly EngineMeter meter = new();
    private readonly MeterListener listener = new();
    private readonly List<(string Name, double Value)> measured = [];

    public EngineMeterTests()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, meter.Meter)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        listener.Start();

        void Add(Instrument instrument, double value)
        {
            lock (measured) measured.Add((instrument.Name, value));
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        meter.Dispose();
    }

    [Fact]
    public async Task EveryCommitIsMeasuredOnce_WithItsEvents()
    {
        await using (var engine = await OpenAsync())
        {
            await EngineReading.SendAsync(engine, HostileMarkets.Stream(seed: 3, count: 500, step: Timestamp.Second), 50);
            await engine.DrainAsync();
        }

        Assert.Equal(journal.Commits, Of("actortrading.journal.commit.duration").Count);
        Assert.Equal(journal.Events.Count, Of("actortrading.journal.commit.events").Sum());
        Assert.Equal(journal.Commits, Of("actortrading.journal.commit.size").Count(bytes => bytes > 0));
        listener.RecordObservableInstruments();
        Assert.True(Of("actortrading.journal.snapshots").Single() >= HostileMarkets.Symbols.Count);
        Assert.Equal([0.0, 0.0], Of("actortrading.journal.failures"));
    }

    [Fact]
    public async Task FailedCommit_IsCounted_AndNotTimed()
    {
        await using var engine = await OpenAsync();
        lock (measured) measured.Clear(); // the first plan was committed
        journal.Fate = _ => CommitFate.Refused;
        var inputs = HostileMarkets.Stream(seed: 3, count: 10, step: Timestamp.Second);
        await Assert.ThrowsAsync<EngineStoppedException>(() => EngineReading.SendAsync(engine, inputs, 10));
        Assert.IsType<JournalException>(engine.Failure);
        listener.RecordObservableInstruments();
        Assert.Equal([1.0, 0.0], Of("actortrading.journal.failures"));
        Assert.Empty(Of("actortrading.journal.commit.duration"));
    }

    private Task<EmbeddedEngine> OpenAsync() =>
        EmbeddedEngine.OpenAsync(
            TestPlans.All["every frame"], journal,
            new EmbeddedOptions { Partitions = 2, GroupRecords = 64, SnapshotEvery = 4, Meter = meter });

    private List<double> Of(string name)
    {
        lock (measured) return [.. measured.Where(one => one.Name == name).Select(one => one.Value)];
    }
}
