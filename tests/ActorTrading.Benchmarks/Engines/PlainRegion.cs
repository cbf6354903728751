using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Records;
using ActorTrading.Engine.Journal;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Benchmarks.Engines;

/// <summary>
/// The simplest design for comparison: a shard region of one node, an actor per symbol, a message and an event per tick. It folds the same
/// and is as durable, with the same settings and its own serialization, but lacks the other functions of the cluster engine: it has no
/// window, resends nothing, logs no signals, and takes no snapshots.
/// </summary>
internal sealed class PlainRegion(IHost host, IActorRef region, BenchJournal journal, IJournalStore store) : IBenchTarget
{
    public static async Task<IBenchTarget> StartAsync(BenchJournal journal, TargetOptions options)
    {
        var store = JournalStore.Open(journal.Address);
        var host = new HostBuilder().ConfigureServices(services => services.AddAkka("plain", builder => builder
            .ConfigureLoggers(loggers => loggers.ClearLoggers())
            .WithRemoting("127.0.0.1", 0)
            .WithClustering()
            .WithCustomSerializer("plain", [typeof(PlainTick)], system => new PlainSerializer(system))
            .WithJournal(journal.Address, store)
            .WithShardRegion<PlainRegion>(
                "plain", (_, _) => name => Props.Create(() => new PlainSymbol(name)), new PlainExtractor(),
                new ShardOptions { StateStoreMode = StateStoreMode.DData })
            .AddHocon(ClusterNodeBuilder.Settings("akka"), HoconAddMode.Prepend)
            .AddHocon(ClusterNodeBuilder.Settings("cluster"), HoconAddMode.Prepend)
            .AddHocon("akka.persistence.journal.sql { parallelism = 1, batch-size = 1000, buffer-size = 50000 }", HoconAddMode.Prepend)
            .AddHocon("akka.cluster.sharding.buffer-size = 1000000", HoconAddMode.Prepend) // nothing is resent here
            .AddHocon(options.Hocon, HoconAddMode.Prepend)
            .AddStartup((system, _) => AkkaCluster.Get(system).Join(AkkaCluster.Get(system).SelfAddress)))).Build();
        await host.StartAsync();
        var region = await host.Services.GetRequiredService<IRequiredActor<PlainRegion>>().GetAsync();
        return new PlainRegion(host, region, journal, store);
    }

    public ValueTask<Task> SubmitAsync(ReadOnlyMemory<Record> records)
    {
        var batch = new PlainBatch(records.Length);
        foreach (ref readonly var record in records.Span) region.Tell(new PlainTick(record, batch));
        return new(batch.Completion);
    }

    public long Events() => journal.Events;

    public async ValueTask DisposeAsync()
    {
        await host.Services.GetRequiredService<ActorSystem>().Terminate();
        host.Dispose();
        store.Dispose();
        journal.Dispose();
    }

    private sealed class PlainExtractor() : HashCodeMessageExtractor(100)
    {
        public override string? EntityId(object message) => (message as PlainTick)?.Record.Symbol.Name;
    }
}
