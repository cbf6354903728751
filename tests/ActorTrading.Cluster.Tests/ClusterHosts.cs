using ActorTrading.Cluster.Subscribing;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTrading.Cluster;

/// <summary>Nodes and subscribers within a test or a benchmark, each in its own host.</summary>
internal static class ClusterHosts
{
    extension(ClusterEngine)
    {
        /// <summary>Starts a node. Disposing it ends it like a crash.</summary>
        public static async Task<ClusterEngine> StartAsync(Plan? plan, ClusterOptions options, IJournalStore? store = null)
        {
            var engine = ClusterEngine.Open(plan, options, store);
            try
            {
                await StartHostAsync(services => services.AddTradingNode(engine));
                return engine;
            }
            catch
            {
                await engine.DisposeAsync();
                throw;
            }
        }
    }

    extension(ClusterSubscriber)
    {
        /// <summary>Starts a subscriber, and waits until a node serves it.</summary>
        public static async Task<ClusterSubscriber> StartAsync(SubscriberOptions options) =>
            (await StartHostAsync(services => services.AddTradingSubscriber(options))).Services.GetRequiredService<ClusterSubscriber>();
    }

    /// <summary>Starts a host that is not stopped: its actor system ends with the engine or the subscriber.</summary>
    private static async Task<IHost> StartHostAsync(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        add(builder.Services);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
    }
}
