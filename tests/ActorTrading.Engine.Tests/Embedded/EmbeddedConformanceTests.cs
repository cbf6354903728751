using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Engine.Tests.Embedded;

/// <summary>The embedded engine on a journal in memory, with groups so small that batches span several.</summary>
public class EmbeddedConformanceTests : EngineConformance
{
    private readonly MemoryJournal journal = new();

    protected override async Task<IEngine> OpenAsync(Plan? plan) =>
        await EmbeddedEngine.OpenAsync(plan, journal, new EmbeddedOptions
        {
            Partitions = 3, GroupRecords = 64, QueueRecords = 500, SnapshotEvery = 4, SignalTail = 16, SignalSnapshotEvery = 10,
        });

    protected override VerificationReport Verify() => Verification.Run(journal, plan: null);
}

/// <summary>The embedded engine with its defaults, on SQLite.</summary>
public sealed class EmbeddedOnSqliteTests : EngineConformance, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private IJournalStore? store;

    public void Dispose()
    {
        store?.Dispose();
        folder.Dispose();
    }

    protected override async Task<IEngine> OpenAsync(Plan? plan)
    {
        store?.Dispose();
        store = JournalStore.Open(folder.Path);
        return await EmbeddedEngine.OpenAsync(plan, store);
    }

    protected override VerificationReport Verify() => Verification.Run(store!, plan: null);
}
