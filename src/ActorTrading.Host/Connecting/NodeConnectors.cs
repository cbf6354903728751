using ActorTrading.Connectors;
using ActorTrading.Connectors.Settings;
using ActorTrading.Engine;

namespace ActorTrading.Host.Connecting;

/// <summary>The connectors of a node, and the actor system that their graphs run in; there is none where there are no connectors.</summary>
internal sealed class NodeConnectors : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConnectorServices services;
    private readonly List<IConnector> connectors = [];
    private bool isDisposed;

    private NodeConnectors(ConnectorServices services) => this.services = services;

    /// <summary>How they are doing, in the order of their names.</summary>
    public IReadOnlyList<ConnectorStatus> Status => [.. connectors.Select(connector => connector.Status)];

    /// <summary>The connector of that name; null where there is none.</summary>
    public IConnector? Find(string name) => connectors.Find(connector => connector.Status.Name == name);

    /// <summary>What is down, each in a line; a connector that has not failed yet is not.</summary>
    public IEnumerable<string> Problems => Status
        .Where(status => status is { Phase: ConnectorPhase.Connecting, LastError: not null })
        .Select(status => $"Connector {status.Name} ({status.Kind}) is not connected: {status.LastError}");

    /// <summary>Begins all of them; null where there are none. Those that bring records in only where the node takes any.</summary>
    /// <param name="make">Makes what they are given, with an actor system that ends with them.</param>
    public static async Task<NodeConnectors?> StartAsync(
        IReadOnlyList<ConnectorOptions> all, bool takesRecords, Func<ConnectorServices> make)
    {
        var wanted = all.Where(options => takesRecords || options.Direction != ConnectorDirection.In).ToList();
        if (wanted.Count == 0) return null;
        var started = new NodeConnectors(make());
        try
        {
            PrivateFiles.CreateFolder(started.services.Folder);
            foreach (var options in wanted) started.connectors.Add(options.Create(started.services));
            foreach (var connector in started.connectors)
            {
                connector.Start();
                started.services.Logger.ConnectorBegins(connector.Status.Name, connector.Status.Kind, connector.Status.Direction);
            }
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }

        return started;
    }

    /// <summary>Lets what is under way become durable and be told to the other side, though not for ever, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true)) return; // a node that drains ends them before it ends itself
        try
        {
            await Task.WhenAll(connectors.Select(connector => connector.DisposeAsync().AsTask())).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            services.Logger.ConnectorsHang(Patience);
        }

        await services.System.Terminate();
    }
}
