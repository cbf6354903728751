using ActorTrading.Cluster;
using ActorTrading.Host.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTrading.Host.Nodes;

/// <summary>
/// The Generic Host of a node. Its services start in the order of this file and stop in reverse order: the listeners close, accepted
/// records are acknowledged, then the engine drains (in a cluster: the node leaves). The actor system and the web server stop last.
/// </summary>
internal static class NodeHost
{
    public static WebApplication Build(Node node, NodeRun run)
    {
        // Only explicit configuration: no files and no environment variables are read.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = CommandLine.DrainLimit);
        builder.Services.AddSingleton(node.Loggers);
        run.AddLifetime(builder.Services);
        WebServer.Add(builder, node); // starts first: it reports the progress of the others

        // Services from the container configuration start after the web server.
        builder.Host.ConfigureContainer<IServiceCollection>(services =>
        {
            services.AddPart(node.OnListening);
            if (node.Cluster is { } cluster) services.AddTradingNode(cluster, node.Options.Configure); // actor system and membership
            services.AddPart(node.StartEngineAsync, node.StopEngineAsync);
            services.AddPart(node.Ingest.StartAsync, async cancellation =>
            {
                await run.Closed(node);
                await node.Ingest.StopAsync(cancellation);
            });
            services.AddPart(node.StartWebhooksAsync);
            services.AddPart(node.StartBarClock, node.StopBarClockAsync);
            services.AddPart(node.StartConnectorsAsync, node.StopConnectorsAsync);
            services.AddPart(node.StartListener, node.CloseListenersAsync);
        });
        var app = builder.Build();
        WebServer.Map(app, node);
        return app;
    }

    private static void AddPart(this IServiceCollection services, Action start, Func<CancellationToken, Task>? stop = null) =>
        services.AddPart(_ =>
        {
            start();
            return Task.CompletedTask;
        }, stop);

    private static void AddPart(
        this IServiceCollection services, Func<CancellationToken, Task> start, Func<CancellationToken, Task>? stop = null) =>
        services.AddSingleton<IHostedService>(new Part(start, stop ?? (_ => Task.CompletedTask)));

    /// <summary>One component of the node as a hosted service.</summary>
    private sealed class Part(Func<CancellationToken, Task> start, Func<CancellationToken, Task> stop) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => start(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => stop(cancellationToken);
    }
}
