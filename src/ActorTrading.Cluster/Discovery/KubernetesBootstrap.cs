using ActorTrading.Cluster.Hosting;
using Akka.Actor;
using Akka.Hosting;
using Akka.Management.Cluster.Bootstrap;
using Akka.Management.Dsl;

namespace ActorTrading.Cluster.Discovery;

/// <summary>Akka.Management's cluster bootstrap with Kubernetes pods. Only nodes that use it load its assemblies.</summary>
internal static class KubernetesBootstrap
{
    /// <summary>Adds Kubernetes discovery to a node, if its options contain it.</summary>
    public static AkkaConfigurationBuilder WithDiscovery(this AkkaConfigurationBuilder builder, ClusterOptions options) =>
        options.Discovery is { } discovery ? builder.WithPods(options, discovery) : builder;

    private static AkkaConfigurationBuilder WithPods(
        this AkkaConfigurationBuilder builder, ClusterOptions options, KubernetesDiscovery discovery) => builder
        .WithClusterBootstrap(
            bootstrap =>
            {
                bootstrap.ContactPointDiscovery.ServiceName = options.Name;
                bootstrap.ContactPointDiscovery.PortName = discovery.PortName;
                bootstrap.ContactPointDiscovery.RequiredContactPointsNr = discovery.Contacts;
            },
            autoStart: false) // auto start would also start Akka.Management's own server
        .AddHocon(ClusterNodeBuilder.Settings("discovery"), HoconAddMode.Prepend)
        .AddHocon($"akka.discovery.kubernetes.selector = {discovery.Selector.ToHocon()}", HoconAddMode.Prepend)
        .AddHocon($"akka.discovery.kubernetes.namespace = {(discovery.Namespace ?? "").ToHocon()}", HoconAddMode.Prepend);

    /// <summary>Starts the contact point, and looks for the cluster until this node has joined it.</summary>
    /// <exception cref="IOException">The port is in use, or the address is not an address of this machine.</exception>
    public static async Task StartAsync(ActorSystem system, ClusterOptions options, KubernetesDiscovery discovery)
    {
        ContactPoint.Start(system, options.ListenAddress, discovery.Port);
        var bootstrap = ClusterBootstrap.Get(system);
        var host = options.Host.Contains(':', StringComparison.Ordinal) ? $"[{options.Host}]" : options.Host;

        // The node recognises itself among the pods by this address.
        bootstrap.Routes(ManagementRouteProviderSettings.Create(new Uri($"http://{host}:{discovery.Port}"), readOnly: true));
        await bootstrap.Start().ConfigureAwait(false);
    }
}
