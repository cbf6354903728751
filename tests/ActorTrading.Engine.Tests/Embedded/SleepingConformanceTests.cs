using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Engine.Tests.Embedded;

/// <summary>
/// The embedded engine when a symbol is passivated as soon as it has nothing to do, and none is active after a start: nothing may depend on
/// that.
/// </summary>
public class SleepingConformanceTests : EngineConformance
{
    private static readonly EmbeddedOptions Sleepy = new()
    {
        Partitions = 3, GroupRecords = 64, QueueRecords = 500, SnapshotEvery = 4, SignalTail = 16, SignalSnapshotEvery = 10,
        IdleAfter = TimeSpan.FromMilliseconds(1), AwakeAtStart = 0,
    };

    private readonly MemoryJournal journal = new();

    protected override async Task<IEngine> OpenAsync(Plan? plan) => await EmbeddedEngine.OpenAsync(plan, journal, Sleepy);

    protected override async Task<IEngine> OpenDeletingAsync(Plan? plan) =>
        await EmbeddedEngine.OpenAsync(plan, journal, Sleepy with { DeleteCoveredEvents = true });

    protected override T InJournal<T>(Func<IJournalStore, T> look) => look(journal);
}
