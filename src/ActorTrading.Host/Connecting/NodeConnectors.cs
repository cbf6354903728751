using ActorTrading.Connectors;
using ActorTrading.Connectors.Settings;
using ActorTrading.Engine;

namespace ActorTrading.Host.Connecting;

/// <summary>The connectors of a node, with the actor system that runs their graphs. Without connectors, there is no actor system.</summary>
internal sealed class NodeConnectors : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ConnectorServices services;
    private readonly List<IConnector> connectors = [];
    private bool isDisposed;

    private NodeConnectors(ConnectorServices services) => this.services = services;

    /// <summary>The status of each connector, ordered by name.</summary>
    public IReadOnlyList<ConnectorStatus> Status => [.. connectors.Select(connector => connector.Status)];

    /// <summary>The connector with that name; null when there is none.</summary>
    public IConnector? Find(string name) => connectors.Find(connector => connector.Status.Name == name);

    /// <summary>The connectors that are not connected, one line each. A connector without an error so far is omitted.</summary>
    public IEnumerable<string> Problems => Status
        .Where(status => status is { Phase: ConnectorPhase.Connecting, LastError: not null })
        .Select(status => $"Connector {status.Name} ({status.Kind}) is not connected: {status.LastError}");

    /// <summary>Starts all connectors; null when there are none. Starts inbound connectors only on a node that accepts records.</summary>
    /// <param name="make">Creates the context of the connectors, with an actor system that ends with them.</param>
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

    /// <summary>
    /// Stops the connectors. Waits, up to a time limit, until records in flight are durable and acknowledged to the external systems.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true)) return; // a draining node disposes the connectors before itself
        try
        {
            await Task.WhenAll(connectors.Select(connector => connector.DisposeAsync().AsTask())).WaitAsync(Timeout);
        }
        catch (TimeoutException)
        {
            services.Logger.ConnectorsHang(Timeout);
        }

        await services.System.Terminate();
    }
}
