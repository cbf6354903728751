using ActorTrading.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Discovery;
using Akka.Management.Dsl;
using Akka.Persistence;
using Akka.Persistence.Sql;

namespace ActorTrading.Cluster.Tests;

/// <summary>The settings in <c>hocon/</c>: each exists in Akka.NET, and none repeats a default of Akka.NET.</summary>
public class HoconTests
{
    private const string OurOwn = "akka.discovery.kubernetes.";

    [Theory]
    [InlineData("akka")]
    [InlineData("cluster")]
    [InlineData("persistence-sqlite")]
    [InlineData("persistence-postgres")]
    [InlineData("discovery")]
    public void EverySetting_IsKnown_AndIsNotTheDefault(string name)
    {
        var defaults = Defaults();
        var settings = Flatten(ClusterNodeBuilder.Settings(name));
        Assert.NotEmpty(settings);
        foreach (var (key, value) in settings.Where(setting => !setting.Key.StartsWith(OurOwn, StringComparison.Ordinal)))
        {
            // For a key that a plugin does not set, Akka.Persistence uses the fallback of all plugins.
            var known = new[]
            {
                key, key.Replace("journal.sql.", "journal-plugin-fallback."),
                key.Replace("snapshot-store.sql.", "snapshot-store-plugin-fallback."),
            }
                .FirstOrDefault(defaults.HasPath);
            Assert.True(known is not null, $"{name}.hocon: Akka.NET knows no '{key}'");
            Assert.NotEqual(defaults.GetString(known), value);
        }
    }

    [Fact]
    public void AMoveOfAShard_MayTakeLittleMoreThanItsSymbolsGiveThemselves()
    {
        var options = new ClusterOptions { Journal = "none", StopPatience = TimeSpan.FromSeconds(3) };
        var settings = ClusterShardingSettings.Create(
            ConfigurationFactory.ParseString(ClusterNodeBuilder.HandOff(options)).WithFallback(ClusterSharding.DefaultConfig())
                .GetConfig("akka.cluster.sharding"),
            ClusterSingleton.DefaultConfig().GetConfig("akka.cluster.singleton"));
        var ofEntities = settings.TuningParameters.HandOffTimeout - TimeSpan.FromSeconds(5); // a rule of Akka.NET
        Assert.InRange(ofEntities, options.StopPatience + TimeSpan.FromMilliseconds(1), options.StopPatience + TimeSpan.FromSeconds(1));
    }

    private static Config Defaults()
    {
        using var system = Akka.Actor.ActorSystem.Create(
            "defaults", "akka.actor.provider = cluster, akka.remote.dot-netty.tcp.port = 0, akka.stdout-loglevel = WARNING");
        var defaults = system.Settings.Config
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(DistributedPubSub.DefaultConfig())
            .WithFallback(ClusterSingleton.DefaultConfig())
            .WithFallback(Persistence.DefaultConfig())
            .WithFallback(SqlPersistence.DefaultConfiguration)
            .WithFallback(AkkaManagementProvider.DefaultConfiguration())
            .WithFallback(DiscoveryProvider.DefaultConfiguration());
        system.Terminate().Wait();
        return defaults;
    }

    private static List<(string Key, string Value)> Flatten(string text)
    {
        var all = new List<(string, string)>();
        Walk("", ConfigurationFactory.ParseString(text).Root);
        return all;

        void Walk(string path, Akka.Configuration.Hocon.HoconValue value)
        {
            if (!value.IsObject())
            {
                all.Add((path, value.GetString()));
                return;
            }

            foreach (var (key, child) in value.GetObject().Items) Walk(path.Length == 0 ? key : $"{path}.{key}", child);
        }
    }
}
