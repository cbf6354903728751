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
    /// Adds a node. Its actor system starts and joins the cluster when the host starts. When the host stops, the node answers all
    /// accepted records, hands its symbols over and leaves the cluster.
    /// </summary>
    /// <param name="engine">The opened engine, not yet started. The caller disposes it after the host.</param>
    /// <param name="configure">Adds to the actor system; called after the configuration of the node.</param>
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

    /// <summary>Adds a <see cref="ClusterSubscriber"/>. It is connected from the end of the host's start to the host's stop.</summary>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    /// <exception cref="Engine.Ingest.Tls.CertificateException">A file of <see cref="SubscriberOptions.Tls"/> cannot be read.</exception>
    public static IServiceCollection AddTradingSubscriber(this IServiceCollection services, SubscriberOptions options)
    {
        var subscriber = new ClusterSubscriber(options);
        return services
            .AddSingleton(_ => subscriber) // disposed of with the host
            .AddSingleton<IHostedService>(provider => new SubscriptionService(provider.GetRequiredService<ClusterSubscriber>()));
    }

    /// <summary>Hosted service that starts the node's actor system.</summary>
    private sealed class ActorSystemService(
        AkkaConfigurationBuilder builder, IServiceProvider services, ILogger<AkkaHostedService> logger, IHostApplicationLifetime? lifetime)
        : AkkaHostedService(builder, services, logger, lifetime)
    {
        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            // Throws here if the port is in use. Otherwise Akka.Hosting would write the error with a stack trace to the standard
            // output.
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
