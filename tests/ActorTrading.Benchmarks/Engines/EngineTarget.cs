using ActorTrading.Cluster;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Journal;

namespace ActorTrading.Benchmarks.Engines;

/// <summary>An engine as target of a load, with its default options and the default plan, on its own journal.</summary>
internal sealed class EngineTarget(IEngine engine, BenchJournal journal, IReadOnlyList<IAsyncDisposable> more) : IBenchTarget
{
    /// <summary>The targets of this build.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["embedded", "cluster", "region"];

    public static async Task<IBenchTarget> OpenAsync(string name, TargetOptions options)
    {
        var journal = new BenchJournal(options);
        if (name == "region") return await PlainRegion.StartAsync(journal, options);
        if (name == "cluster")
        {
            var clusterOptions = new ClusterOptions { Journal = journal.Address, Hocon = options.Hocon };
            var first = await ClusterEngine.StartAsync(Plan.Default, clusterOptions);
            var others = await Task.WhenAll(Enumerable.Range(1, options.Nodes - 1).Select(
                _ => ClusterEngine.StartAsync(Plan.Default, clusterOptions with { Seeds = [first.Address] })));
            return new EngineTarget(first, journal, [.. others, first]);
        }
        var store = JournalStore.Open(journal.Address);
        var embedded = await EmbeddedEngine.OpenAsync(Plan.Default, store);
        return new EngineTarget(embedded, journal, [embedded]);
    }

    public async ValueTask<Task> SubmitAsync(ReadOnlyMemory<Record> records) => (await engine.SubmitAsync(records)).Durable;

    public long Events() => journal.Events;

    public async ValueTask DisposeAsync()
    {
        foreach (var one in more) await one.DisposeAsync();
        journal.Dispose();
    }
}
