using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Remoting;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>Somebody who looks on, put together: what a node has to be in the cluster and to understand it, and nothing else.</summary>
internal static class SubscriberChain
{
    public static IHost Build(SubscriberOptions options, NodeIdentity? identity) => new HostBuilder()
        .ConfigureServices(services =>
        {
            services.AddSingleton<IHostLifetime, NodeChain.NoLifetime>();
            if (options.Loggers is { } loggers) services.AddSingleton(loggers);
            services.AddAkka(options.Name, builder => builder
                .WithLoggers(options.Loggers is not null)
                .WithRemoting(options.Host, options.Port)
                .WithEncryption(identity)
                .WithClustering(new Akka.Cluster.Hosting.ClusterOptions
                {
                    Roles = [NodeRole.Subscriber],
                    SeedNodes = [.. NodeChain.SeedsOf(options.Name, options.Seeds, identity)],
                    SplitBrainResolver = new KeepMajorityOption { Role = NodeRole.Symbols }, // as the nodes': it may be the one to tell the others
                })
                .WithCustomSerializer("trading", TradingSerializer.Bound, system => new TradingSerializer(system))
                .WithDistributedPubSub("")
                .AddHocon(NodeChain.Settings("akka"), HoconAddMode.Prepend)
                .AddHocon(NodeChain.Settings("cluster"), HoconAddMode.Prepend)
                .AddHocon(options.Hocon, HoconAddMode.Prepend));
        })
        .Build();
}
