using k8s;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Manifests;

/// <summary>The Kubernetes manifests: each object is valid, and references between them are correct.</summary>
public sealed class ManifestTests
{
    private const string Label = "app.kubernetes.io/name";

    public static TheoryData<string> Overlays => new("base", "overlays/local", "overlays/production", "overlays/discovery");

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task EveryObject_IsOneThatKubernetesKnows(string overlay)
    {
        var rendering = await Rendering.OfAsync(overlay);

        Assert.Contains(rendering.Objects, candidate => candidate is V1StatefulSet);
        Assert.All(
            rendering.All<IKubernetesObject<V1ObjectMeta>>().Where(candidate => candidate is not V1Namespace),
            one => Assert.Equal("actortrading", one.Namespace()));
    }

    [Fact]
    public void ObjectWithAFieldThatKubernetesDoesNotKnow_IsAnError()
    {
        const string Sound = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  clusterIP: None\n";

        Assert.Single(Rendering.Read(Sound));
        Assert.ThrowsAny<Exception>(() => Rendering.Read(Sound + "  publishNotReadyAdresses: true\n"));
    }

    [SkippableFact]
    public async Task EdgeNodes_TakeOverTheServicesOfAnOverlay()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.PathOf("k8s"), $".test-{Guid.NewGuid():N}"));
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "kustomization.yaml"),
                "resources: [../overlays/production]\ncomponents: [../components/edge]\n");

            var rendering = await Rendering.RenderAsync(folder.FullName);

            IsConsistent(rendering);
            var edge = rendering.One<V1Deployment>("actortrading-edge").Spec.Template;
            foreach (var service in (string[])["actortrading-ticks", "actortrading-api"])
                Assert.True(Selects(rendering.One<V1Service>(service).Spec.Selector, edge), service);
            Assert.Equal(
                "symbols,admin",
                Variables(rendering.One<V1StatefulSet>("actortrading").Spec.Template.Spec.Containers[0])["ACTORTRADING_CLUSTER__ROLES"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task Selectors_FindPods(string overlay) => IsConsistent(await Rendering.OfAsync(overlay));

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task SecretsAndConfigMaps_AreThereOrHaveAnExample(string overlay)
    {
        var rendering = await Rendering.OfAsync(overlay);
        var secrets = rendering.All<V1Secret>().Select(secret => secret.Name()).ToHashSet();
        foreach (var example in (string[])["k8s/base/secret.example.yaml", "k8s/overlays/production/secrets.example.yaml"])
            secrets.UnionWith(Repository.Read(example).Split('\n').Where(line => line.StartsWith("  name: ", StringComparison.Ordinal))
                .Select(line => line["  name: ".Length..].Trim()));
        var configs = rendering.All<V1ConfigMap>().Select(config => config.Name()).ToHashSet();

        foreach (var (owner, pod, container) in rendering.Programs)
        {
            foreach (var reference in (container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef)
                .OfType<V1SecretKeySelector>())
            {
                Assert.True(secrets.Contains(reference.Name), $"{owner}: {reference.Name}");
                var made = rendering.All<V1Secret>().FirstOrDefault(secret => secret.Name() == reference.Name);
                if (made is not null) Assert.Contains(reference.Key, made.Data.Keys);
            }

            foreach (var volume in pod.Spec.Volumes ?? [])
            {
                if (volume.ConfigMap is { } config) Assert.Contains(config.Name, configs);
                if (volume.Secret is { } secret) Assert.Contains(secret.SecretName, secrets);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task Pods_KeepToTheRestrictedStandard(string overlay)
    {
        var rendering = await Rendering.OfAsync(overlay);

        Assert.Equal("restricted", rendering.One<V1Namespace>("actortrading").Labels()["pod-security.kubernetes.io/enforce"]);
        foreach (var (owner, pod) in rendering.Pods)
        {
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot, owner);
            Assert.True(pod.Spec.SecurityContext.RunAsUser > 0, owner);
            Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
            foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
            {
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation, owner);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.NotNull(container.Resources.Limits["memory"]);
            }
        }

        Assert.All(rendering.Programs, program => Assert.True(program.Container.SecurityContext.ReadOnlyRootFilesystem));
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task HostsOfNodes_AreSpreadAndNeverStoppedAllAtOnce(string overlay)
    {
        var rendering = await Rendering.OfAsync(overlay);
        var set = rendering.One<V1StatefulSet>("actortrading");

        Assert.True(set.Spec.Replicas >= 3);
        Assert.Equal("Parallel", set.Spec.PodManagementPolicy);
        Assert.Contains(
            set.Spec.Template.Spec.TopologySpreadConstraints,
            spread => spread.TopologyKey == "kubernetes.io/hostname" && Selects(spread.LabelSelector.MatchLabels, set.Spec.Template));
        Assert.Contains(
            rendering.All<V1PodDisruptionBudget>(),
            budget => Selects(budget.Spec.Selector.MatchLabels, set.Spec.Template) && budget.Spec.MaxUnavailable.Value == "1");
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task PortBetweenNodes_IsOpenToPodsOfTheApplicationOnly(string overlay)
    {
        var rendering = await Rendering.OfAsync(overlay);
        var policy = rendering.One<V1NetworkPolicy>("actortrading");
        var open = policy.Spec.Ingress.Where(rule => rule.FromProperty is null or { Count: 0 }).SelectMany(rule => rule.Ports)
            .Select(port => port.Port.Value);

        Assert.Equal(["http", "ticks"], open.Order());
        foreach (var rule in policy.Spec.Ingress.Where(rule => rule.FromProperty is { Count: > 0 }))
            Assert.All(rule.FromProperty, from => Assert.Equal("actortrading", from.PodSelector.MatchLabels[Label]));
        Assert.Contains(policy.Spec.Ingress.SelectMany(rule => rule.Ports), port => port.Port.Value == "cluster");
    }

    /// <summary>The values of a container's variables given in its manifest.</summary>
    internal static Dictionary<string, string> Variables(V1Container container) =>
        (container.Env ?? []).Where(variable => variable.Value is not null)
            .ToDictionary(variable => variable.Name, variable => variable.Value);

    internal static bool Selects(IDictionary<string, string> selector, V1PodTemplateSpec pod) =>
        selector.Count > 0 && selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private static void IsConsistent(Rendering rendering)
    {
        foreach (var service in rendering.All<V1Service>())
        {
            var pods = rendering.Pods.Where(pod => Selects(service.Spec.Selector, pod.Template)).ToArray();
            Assert.True(pods.Length > 0, $"Service {service.Name()} selects nothing");
            var names = pods.SelectMany(pod => pod.Template.Spec.Containers).SelectMany(container => container.Ports ?? [])
                .Select(port => port.Name).ToHashSet();
            Assert.All(service.Spec.Ports, port => Assert.Contains(port.TargetPort.Value, names));
        }

        foreach (var (selector, name) in rendering.All<V1PodDisruptionBudget>()
                     .Select(budget => (budget.Spec.Selector.MatchLabels, budget.Name()))
                     .Concat(rendering.All<V1NetworkPolicy>().Select(policy => (policy.Spec.PodSelector.MatchLabels, policy.Name())))
                     .Concat(rendering.All<V1StatefulSet>().Select(set => (set.Spec.Selector.MatchLabels, set.Name())))
                     .Concat(rendering.All<V1Deployment>().Select(deployment => (deployment.Spec.Selector.MatchLabels, deployment.Name()))))
            Assert.True(rendering.Pods.Any(pod => Selects(selector, pod.Template)), $"{name} selects nothing");
        foreach (var policy in rendering.All<V1NetworkPolicy>())
        {
            var names = rendering.Pods.Where(pod => Selects(policy.Spec.PodSelector.MatchLabels, pod.Template))
                .SelectMany(pod => pod.Template.Spec.Containers)
                .SelectMany(container => container.Ports ?? []).Select(port => port.Name).ToHashSet();
            Assert.All(policy.Spec.Ingress.SelectMany(rule => rule.Ports), port => Assert.Contains(port.Port.Value, names));
        }

        foreach (var set in rendering.All<V1StatefulSet>())
        {
            var service = rendering.One<V1Service>(set.Spec.ServiceName);
            Assert.Equal("None", service.Spec.ClusterIP);
            Assert.True(Selects(service.Spec.Selector, set.Spec.Template));
        }
    }
}
