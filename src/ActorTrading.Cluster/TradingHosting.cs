using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Subscribing;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster;

/// <summary>Adds nodes and subscribers of a trading cluster to a Generic Host.</summary>
public static class TradingHosting
{
    /// <summary>
    /// Adds a node. When the host starts, its actor system starts and joins the cluster. When the host stops, the node answers
    /// for all records it has taken, hands its symbols over and leaves.
    /// </summary>
    /// <param name="engine">The engine, opened and not started. The caller disposes it, after the host.</param>
    /// <param name="configure">Adds to the actor system, after everything of the node.</param>
    public static IServiceCollection AddTradingNode(
        this IServiceCollection services, ClusterEngine engine,
        Action<AkkaConfigurationBuilder, IServiceProvider>? configure = null) => services
        .AddSingleton(engine)
        .AddAkka<ActorSystemService>(engine.Parts.Options.Name, (akka, provider) =>
        {
            akka.WithTradingNode(engine.Parts);
            configure?.Invoke(akka, provider);
        })
        .AddSingleton<IHostedService>(provider => new MembershipService(engine, provider));

    /// <summary>
    /// Adds a <see cref="ClusterSubscriber"/>, which is connected when the host has started, and no longer when it has stopped.
    /// </summary>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    /// <exception cref="Engine.Ingest.CertificateException">A file of <see cref="SubscriberOptions.Tls"/> cannot be read.</exception>
    public static IServiceCollection AddTradingSubscriber(this IServiceCollection services, SubscriberOptions options)
    {
        var subscriber = new ClusterSubscriber(options);
        return services
            .AddSingleton(_ => subscriber) // disposed of with the host
            .AddSingleton<IHostedService>(provider => new SubscriptionService(provider.GetRequiredService<ClusterSubscriber>()));
    }

    /// <summary>The actor system of a host.</summary>
    private sealed class ActorSystemService(
        AkkaConfigurationBuilder builder, IServiceProvider services, ILogger<AkkaHostedService> logger, IHostApplicationLifetime? lifetime)
        : AkkaHostedService(builder, services, logger, lifetime)
    {
        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            // Fails here where the port is taken: Akka.Hosting would write that to the standard output, with a stack trace.
            var system = ServiceProvider.GetRequiredService<ActorSystem>();
            try
            {
                await base.StartAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (NodeIdentity.IsRefused(system))
            {
                throw NodeIdentity.Refused(e);
            }
        }
    }

    private sealed class MembershipService(ClusterEngine engine, IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => engine.JoinAsync(
            services.GetRequiredService<ActorSystem>(), services.GetRequiredService<IHostApplicationLifetime>().StopApplication,
            cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => engine.DrainAsync(cancellationToken);
    }

    private sealed class SubscriptionService(ClusterSubscriber subscriber) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => subscriber.ConnectAsync(cancellationToken);

        public async Task StopAsync(CancellationToken cancellationToken) => await subscriber.DisposeAsync().ConfigureAwait(false);
    }
}
