using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Remoting;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Hosting;
using Akka.Remote.Hosting;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>Makes an actor system a subscriber of the cluster: it can join and read what nodes publish, and nothing else.</summary>
internal static class SubscriberChain
{
    public static AkkaConfigurationBuilder WithTradingSubscriber(this AkkaConfigurationBuilder builder, SubscriberOptions options, NodeIdentity? identity) => builder
        .WithLoggers(options.Loggers)
        .WithRemoting(options.ListenAddress.ToString(), options.Port, options.Host)
        .WithClusterPort(identity)
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
        .AddHocon(options.Hocon, HoconAddMode.Prepend);
}
