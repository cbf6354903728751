using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Cluster.Tests;

/// <summary>A cluster of one node, on SQLite.</summary>
public sealed class ClusterConformanceTests : EngineConformance, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<ClusterEngine> opened = [];

    public void Dispose()
    {
        foreach (var engine in opened) engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        folder.Dispose();
    }

    protected override Task<IEngine> OpenAsync(Plan? plan) => OpenAsync(plan, Nodes.Options(folder.Path));

    protected override Task<IEngine> OpenDeletingAsync(Plan? plan) =>
        OpenAsync(
            plan, Nodes.Options(folder.Path) with { DeleteCoveredEvents = true, RetentionInterval = TimeSpan.FromMilliseconds(100) });

    protected override Task DeletedBeforeDrainAsync(Symbol symbol) => EngineReading.UntilAsync(() => FirstEventOf(symbol) > 1);

    protected override T InJournal<T>(Func<IJournalStore, T> look)
    {
        using var store = JournalStore.Open(folder.Path);
        return look(store);
    }

    private async Task<IEngine> OpenAsync(Plan? plan, ClusterOptions options)
    {
        foreach (var before in opened) await before.DisposeAsync(); // a repetition has no effect
        var engine = await ClusterEngine.StartAsync(plan, options);
        opened.Add(engine);
        return engine;
    }
}
