#if CLUSTER
using System.Net.Sockets;
using ActorTrading.Cluster;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.Host.Logging;

namespace ActorTrading.Host.Nodes.Engines;

/// <summary>A cluster's engine in a node.</summary>
internal sealed class ClusterHosting(ClusterEngine engine) : HostedEngine
{
    public override IEngine Engine => engine;

    public override long LastSignal => engine.LastSignal;

    public override Exception? Failure => engine.Failure;

    public override string Address => engine.Address;

    /// <summary>Joins the cluster that the options name, or begins one.</summary>
    /// <exception cref="CommandException">A setting is wrong, its port is taken, or no cluster lets it in.</exception>
    public static async Task<HostedEngine> JoinAsync(Plan plan, NodeOptions options, EngineHooks hooks)
    {
        var told = options.Cluster;
        var cluster = new ClusterOptions
        {
            Journal = options.JournalAddress, Host = told.Host, Port = told.Port, Seeds = told.Seeds, LiveBuffer = options.Engine.LiveBuffer,
            Hocon = told.Hocon is null ? "" : await ReadAsync(told.Hocon), Loggers = new AkkaLog(hooks.Logger), OnFault = hooks.OnFault,
        };
        cluster = cluster with { Name = told.Name ?? cluster.Name, Roles = told.Roles ?? cluster.Roles, Shards = told.Shards ?? cluster.Shards };
        try
        {
            return new ClusterHosting(await ClusterEngine.StartAsync(plan, cluster));
        }
        catch (ArgumentException exception)
        {
            throw new CommandException(ExitCode.Usage, $"cluster: {exception.Message}");
        }
        catch (TimeoutException exception)
        {
            throw new CommandException(ExitCode.NoNode, exception.Message);
        }
        catch (Exception exception) when (exception.GetBaseException() is SocketException cause)
        {
            throw new CommandException(ExitCode.BadOutput, $"cluster port {told.Host}:{told.Port}: {cause.Message}");
        }
    }

    private static async Task<string> ReadAsync(string file)
    {
        try
        {
            return await File.ReadAllTextAsync(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(ExitCode.Usage, $"{file}: {exception.Message}");
        }
    }
}
#endif
