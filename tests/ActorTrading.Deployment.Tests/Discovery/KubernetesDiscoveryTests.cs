using System.Net;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using Akka.Actor;
using Akka.Discovery;
using k8s.Models;
using static Akka.Discovery.ServiceDiscovery;

namespace ActorTrading.Deployment.Tests.Discovery;

/// <summary>Discovery of pods through an API server that answers like Kubernetes.</summary>
public sealed class KubernetesDiscoveryTests : IDisposable
{
    private const string Nodes = "app.kubernetes.io/name=actortrading,app.kubernetes.io/component=node";

    private readonly TemporaryFolder folder = new();
    private ActorSystem? system;

    public void Dispose()
    {
        system?.Terminate().Wait(EngineReading.Timeout);
        folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pods_AreFoundByLabels_WithAddressPortAndName(bool isEncrypted)
    {
        await using var api = await KubernetesApi.StartAsync(isEncrypted);
        api.Put(KubernetesApi.NodePod("actortrading-0", "10.0.0.7", 8558, "actortrading-nodes"));
        api.Put(KubernetesApi.NodePod("actortrading-edge-1", "10.0.0.9", 8600));
        api.Put(KubernetesApi.NodePod("actortrading-2", "fd00::2", 8558));
        api.Put(Changed("other", pod => pod.Metadata.Labels["app.kubernetes.io/name"] = "postgres"));

        var found = await Start(api).Lookup(new Lookup("trading", "management"), EngineReading.Timeout);

        Assert.Equal(
            [
                new ResolvedTarget("actortrading-0.actortrading-nodes", 8558, IPAddress.Parse("10.0.0.7")),
                new ResolvedTarget("[fd00::2]", 8558),
                new ResolvedTarget("10.0.0.9", 8600, IPAddress.Parse("10.0.0.9")),
            ],
            found.Addresses);
    }

    [Fact]
    public async Task PodsThatCannotAnswer_ArePassedOver()
    {
        await using var api = await KubernetesApi.StartAsync(isEncrypted: false);
        api.Put(KubernetesApi.NodePod("sound", "10.0.0.1", 8558));
        api.Put(Changed("terminating", pod => pod.Metadata.DeletionTimestamp = DateTime.UtcNow));
        api.Put(Changed("pending", pod => pod.Status.Phase = "Pending"));
        api.Put(Changed("succeeded", pod => pod.Status.Phase = "Succeeded"));
        api.Put(Changed("without-address", pod => pod.Status.PodIP = null));
        api.Put(Changed("without-ports", pod => pod.Spec.Containers[0].Ports = null));
        api.Put(Changed("another-port", pod => pod.Spec.Containers[0].Ports[1].Name = "management-tls"));
        var waiting = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "CrashLoopBackOff" } };
        api.Put(Changed("crash-loop", pod => pod.Status.ContainerStatuses[0].State = waiting));
        api.Put(Changed("not-told-yet", pod => pod.Status.ContainerStatuses = null));

        var found = await Start(api).Lookup(new Lookup("trading", "management"), EngineReading.Timeout);

        Assert.Equal(["10.0.0.1"], found.Addresses.Select(target => target.Host));
    }

    [Fact]
    public async Task TokenThatIsRenewed_IsReadAnew()
    {
        await using var api = await KubernetesApi.StartAsync(isEncrypted: true);
        api.Put(KubernetesApi.NodePod("sound", "10.0.0.1", 8558));
        var discovery = Start(api);
        await discovery.Lookup(new Lookup("trading", "management"), EngineReading.Timeout);

        api.Token = "second token";
        var refused = await FailureAsync(discovery);
        Assert.Contains("401 Unauthorized", refused.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("token"), api.Token + "\n");

        Assert.Single((await discovery.Lookup(new Lookup("trading", "management"), EngineReading.Timeout)).Addresses);
        Assert.Equal([200, 401, 200], api.Answers.Select(answer => answer.Status));
    }

    [Fact]
    public async Task AccountWithoutTheRole_IsToldSo()
    {
        await using var api = await KubernetesApi.StartAsync(isEncrypted: true);
        api.Rules = [new V1PolicyRule { ApiGroups = [""], Resources = ["configmaps"], Verbs = ["list"] }];

        var refused = await FailureAsync(Start(api));

        Assert.Contains("403 Forbidden: pods is forbidden: User \"system:serviceaccount:", refused.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, refused.ToString()); // Akka.Management logs it unchanged
    }

    [Fact]
    public async Task AnotherNamespace_IsAskedForWhereItIsSet()
    {
        await using var api = await KubernetesApi.StartAsync(isEncrypted: true);

        var refused = await FailureAsync(Start(api, "namespace = elsewhere"));

        Assert.Contains("in the namespace \"elsewhere\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerOfAnotherAuthority_IsNotGivenTheToken()
    {
        await using var api = await KubernetesApi.StartAsync(isEncrypted: true);
        await using var other = await KubernetesApi.StartAsync(isEncrypted: true);
        var discovery = Start(api);
        await File.WriteAllTextAsync(folder.File("ca.crt"), other.Authority);

        await FailureAsync(discovery);

        Assert.Empty(api.Answers);
    }

    [Fact]
    public async Task ServerThatIsNotThere_IsAFailureWithItsReason()
    {
        var api = await KubernetesApi.StartAsync(isEncrypted: false);
        var discovery = Start(api);
        await api.DisposeAsync();

        Assert.Contains("Connection refused", (await FailureAsync(discovery)).Message, StringComparison.Ordinal);
    }

    /// <summary>The discovery of a node: its own settings, except the paths of the files that Kubernetes mounts into a pod.</summary>
    private ServiceDiscovery Start(KubernetesApi api, string more = "")
    {
        File.WriteAllText(folder.File("token"), api.Token);
        File.WriteAllText(folder.File("ca.crt"), api.Authority);
        File.WriteAllText(folder.File("namespace"), KubernetesApi.Namespace);
        using var settings = typeof(Cluster.ClusterEngine).Assembly.GetManifestResourceStream("discovery.hocon")!;
        using var reader = new StreamReader(settings);
        system = ActorSystem.Create("trading", Akka.Configuration.ConfigurationFactory.ParseString($$"""
            akka.discovery.kubernetes {
              selector = "{{Nodes}}", namespace = "", address = "{{api.Address}}"
              token-file = "{{folder.File("token")}}", ca-file = "{{folder.File("ca.crt")}}"
              namespace-file = "{{folder.File("namespace")}}"
              {{more}}
            }
            """).WithFallback(Akka.Configuration.ConfigurationFactory.ParseString(reader.ReadToEnd())));
        return Akka.Discovery.Discovery.Get(system).Default;
    }

    private static async Task<Exception> FailureAsync(ServiceDiscovery discovery)
    {
        var thrown = await Record.ExceptionAsync(() => discovery.Lookup(new Lookup("trading", "management"), EngineReading.Timeout));
        Assert.Equal("KubernetesApiException", thrown?.GetType().Name);
        return thrown!;
    }

    private static V1Pod Changed(string name, Action<V1Pod> change)
    {
        var pod = KubernetesApi.NodePod(name, "10.0.0.2", 8558);
        change(pod);
        return pod;
    }
}
