using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Engine.Tests.Embedded;

/// <summary>The embedded engine on a journal in memory, with groups so small that batches span several of them.</summary>
public class EmbeddedConformanceTests : EngineConformance
{
    private static readonly EmbeddedOptions Small = new()
    {
        Partitions = 3, GroupRecords = 64, QueueRecords = 500, SnapshotEvery = 4, SignalTail = 16, SignalSnapshotEvery = 10,
    };

    private readonly MemoryJournal journal = new();

    protected override async Task<IEngine> OpenAsync(Plan? plan) => await EmbeddedEngine.OpenAsync(plan, journal, Small);

    protected override async Task<IEngine> OpenDeletingAsync(Plan? plan) =>
        await EmbeddedEngine.OpenAsync(plan, journal, Small with { DeleteCoveredEvents = true });

    protected override T InJournal<T>(Func<IJournalStore, T> look) => look(journal);
}

/// <summary>The embedded engine with its default options, on SQLite.</summary>
public sealed class EmbeddedOnSqliteTests : EngineConformance, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private IJournalStore? store;

    public void Dispose()
    {
        store?.Dispose();
        folder.Dispose();
    }

    protected override Task<IEngine> OpenAsync(Plan? plan) => OpenAsync(plan, new EmbeddedOptions());

    protected override Task<IEngine> OpenDeletingAsync(Plan? plan) =>
        OpenAsync(plan, new EmbeddedOptions { DeleteCoveredEvents = true, SnapshotEvery = 4 });

    protected override T InJournal<T>(Func<IJournalStore, T> look) => look(store!);

    private async Task<IEngine> OpenAsync(Plan? plan, EmbeddedOptions options)
    {
        store?.Dispose();
        store = JournalStore.Open(folder.Path);
        return await EmbeddedEngine.OpenAsync(plan, store, options);
    }
}
