using System.Net.Security;
using ActorTrading.Engine.Ingest;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTrading.Host.Web;

/// <summary>A node's HTTP interface, described in docs/http.md.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly WebApplication app;
    private readonly CancellationTokenSource ending;

    private WebServer(WebApplication app, CancellationTokenSource ending)
    {
        this.app = app;
        this.ending = ending;
    }

    /// <summary>Where it answers.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>Every route there is.</summary>
    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>Answers from now on.</summary>
    /// <exception cref="CommandException">A port is taken, or the address is none of this machine.</exception>
    public static async Task<WebServer> StartAsync(Node node)
    {
        // Nothing but what is named here: no files or variables are read, nothing is logged, no signal is caught.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NodeDecides>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Patience);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = node.Options.Web.MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = kestrel.Limits.MaxConcurrentUpgradedConnections = node.Options.Web.MaxConnections;
            foreach (var port in node.Options.HttpPorts) kestrel.Listen(node.Options.Listen, port, listen => Encrypt(listen, node.Certificate));
        });
        var app = builder.Build();
        app.Use(Faults.AnswerAsync);
        app.Use(new BrowserGuard(node).PassAsync);
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        app.UseRouting();
        app.Use(new AccessGate(node).PassAsync);
        app.Use(new ReadyGate(node).PassAsync);
        app.Use(new RoleGate(node).PassAsync);
        OpenApiEndpoint.Map(app);
        StartPage.Map(app, node);
        HealthEndpoints.Map(app, node);
        EngineEndpoints.Map(app, node);
        ShardEndpoint.Map(app, node);
        PlanEndpoints.Map(app, node);
        IngestEndpoint.Map(app, node);
        MetricsEndpoint.Map(app, node);
        SymbolEndpoints.Map(app, node);
        SignalEndpoints.Map(app, node);
        SubscriptionEndpoints.Map(app, node);
        var ending = new CancellationTokenSource();
        StreamEndpoints.Map(app, node, ending.Token);
        var server = new WebServer(app, ending);
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            await server.DisposeAsync();
            throw new CommandException(ExitCode.BadOutput, $"HTTP: {exception.Message}");
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Addresses = [.. bound.Addresses.Select(address => new Uri(address))];
        return server;
    }

    /// <summary>Takes no more requests, and ends those that are under way.</summary>
    public async Task StopAsync()
    {
        await ending.CancelAsync();
        await app.StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await app.DisposeAsync();
    }

    private static void Encrypt(ListenOptions listen, CertificateFile? certificate)
    {
        listen.Protocols = HttpProtocols.Http1; // with and without encryption alike; a WebSocket over HTTP/2 is no GET
        if (certificate is null) return;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new ValueTask<SslServerAuthenticationOptions>(certificate.ServerOptions()), // the newest
            HandshakeTimeout = certificate.Options.HandshakeTimeout,
        });
    }

    /// <summary>When the process ends is up to whoever runs the node.</summary>
    private sealed class NodeDecides : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
