using System.Net.Security;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.Host.Dashboard;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Endpoints;
using ActorTrading.Host.Web.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTrading.Host.Web;

/// <summary>The HTTP interface of a node. See docs/http.md.</summary>
internal static class WebServer
{
    /// <summary>Adds the web server with the addresses in the node's options.</summary>
    public static void Add(WebApplicationBuilder builder, Node node)
    {
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = node.Options.Web.MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = kestrel.Limits.MaxConcurrentUpgradedConnections = node.Options.Web.MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = node.Options.Web.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = node.Options.Web.IdleTimeout;
            foreach (var port in node.Options.HttpPorts)
            {
                kestrel.Listen(node.Options.Listen, port, listen =>
                {
                    listen.Use(node.Security.Pending.ServeAsync);
                    Encrypt(listen, node.Security.Certificate);
                });
            }
        });
    }

    /// <summary>Maps the endpoints and the middleware.</summary>
    public static void Map(WebApplication app, Node node)
    {
        var sessions = new Sessions(node.Options.Web.Time);
        app.Use(node.Requests.PassAsync);
        app.Use(PendingConnections.PassAsync);
        app.Use(Faults.AnswerAsync);
        app.Use(RequestPath.PassAsync);
        app.Use(new BrowserGuard(node).PassAsync);
        app.UseWebSockets(
            new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        app.UseRouting();
        app.Use(new AccessGate(node, sessions).PassAsync);
        app.Use(new ReadyGate(node).PassAsync);
        app.Use(new RoleGate(node).PassAsync);
        app.Use(new QueryGate(node).PassAsync);
        OpenApiEndpoint.Map(app);
        StartPage.Map(app, node);
        PageEndpoints.Map(app);
        SessionEndpoints.Map(app, node, sessions);
        HealthEndpoints.Map(app, node);
        EngineEndpoints.Map(app, node);
        ShardEndpoint.Map(app, node);
        ClusterEndpoint.Map(app, node);
        RejectEndpoint.Map(app, node);
        AuditEndpoint.Map(app, node);
        PlanEndpoints.Map(app, node);
        PlanTrialEndpoints.Map(app, node);
        IngestEndpoint.Map(app, node);
        MetricsEndpoint.Map(app, node);
        SymbolEndpoints.Map(app, node);
        MarketEndpoint.Map(app, node);
        SignalEndpoints.Map(app, node);
        WebhookEndpoint.Map(app, node);
        ConnectorEndpoint.Map(app, node);
        SubscriptionEndpoints.Map(app, node);
        ExclusionEndpoints.Map(app, node);
        StreamEndpoints.Map(app, node, app.Lifetime.ApplicationStopping);
    }

    private static void Encrypt(ListenOptions listen, CertificateFile? certificate)
    {
        listen.Protocols = HttpProtocols.Http1; // with and without TLS; a WebSocket over HTTP/2 is not a GET request
        if (certificate is null) return;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new ValueTask<SslServerAuthenticationOptions>(certificate.ServerOptions()), // the newest certificate
            HandshakeTimeout = certificate.Options.HandshakeTimeout,
        });
    }
}
