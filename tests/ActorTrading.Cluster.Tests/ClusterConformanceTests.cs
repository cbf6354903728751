using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Verifying;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Cluster.Tests;

/// <summary>A cluster of one node, on SQLite.</summary>
public sealed class ClusterConformanceTests : EngineConformance, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("actortrading-").FullName;
    private readonly List<ClusterEngine> opened = [];

    public void Dispose()
    {
        foreach (var engine in opened) engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
    }

    protected override async Task<IEngine> OpenAsync(Plan? plan)
    {
        foreach (var before in opened) await before.DisposeAsync(); // twice is harmless
        var engine = await Nodes.StartAsync(plan, folder);
        opened.Add(engine);
        return engine;
    }

    protected override VerificationReport Verify()
    {
        using var store = JournalStore.Open(folder);
        return Verification.Run(store, plan: null);
    }
}
