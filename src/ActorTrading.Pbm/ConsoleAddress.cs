using System.Globalization;
using ActorTrading.Cluster;
using Petabridge.Cmd.Host;

namespace ActorTrading.Pbm;

/// <summary>
/// Address that a node listens on for <c>pbm</c>. Environment variables: <c>PBM_HOST</c> is an IP address of this machine (default:
/// 127.0.0.1). <c>PBM_PORT</c> is the port (default: the cluster port + 5057, so that the nodes of one machine have different ports;
/// 9110 for the default cluster port 4053). Petabridge.Cmd does not authenticate its clients.
/// </summary>
internal static class ConsoleAddress
{
    private const int AboveClusterPort = 5057;

    public static PetabridgeCmdOptions Of(ClusterEngine engine) => new()
    {
        Host = Environment.GetEnvironmentVariable("PBM_HOST") ?? "127.0.0.1",
        Port = Environment.GetEnvironmentVariable("PBM_PORT") is { } port
            ? int.Parse(port, CultureInfo.InvariantCulture)
            : engine.ConfiguredPort == 0 ? 0 : engine.ConfiguredPort + AboveClusterPort,
    };
}
