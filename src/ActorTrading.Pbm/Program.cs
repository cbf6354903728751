using ActorTrading.Cluster;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Host;
using ActorTrading.Pbm;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Remote;

return await CommandLine.RunAsync(args, static (akka, services) =>
{
    var engine = services.GetRequiredService<ClusterEngine>();
    akka.AddPetabridgeCmd(ConsoleAddress.Of(engine), console =>
    {
        console.RegisterCommandPalette(ClusterCommands.Instance);
        console.RegisterCommandPalette(ClusterShardingCommands.Instance);
        console.RegisterCommandPalette(new RemoteCommands());
        console.RegisterCommandPalette(new TradingPalette(new TradingCommands(engine)));
    });
});
