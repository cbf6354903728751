using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorTrading.Deployment.Tests.Discovery;
using ActorTrading.Host;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Nodes.Settings;
using ActorTrading.TestKit;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Manifests;

/// <summary>
/// Names in the manifests exist in the program: commands, settings, ports, paths, folders, users and the duration of a drain.
/// </summary>
public sealed partial class ProgramTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Overlays => ManifestTests.Overlays;

    public void Dispose() => folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task Commands_AreOnesOfTheProgram(string overlay)
    {
        var programs = (await Rendering.OfAsync(overlay)).Programs.ToArray();

        Assert.NotEmpty(programs);
        Assert.All(programs, program => Assert.Empty(CommandLine.Root().Parse([.. program.Container.Args]).Errors));
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task SettingsOfNodes_AreUnderstoodAndFitPortsAndNames(string overlay)
    {
        var rendering = await Rendering.OfAsync(overlay);
        foreach (var (owner, _, container) in rendering.Nodes)
        {
            var options = Settings(rendering, container);

            Assert.False(options.IsLocal, owner);
            Assert.Equal(options.Port, Port(container, "ticks"));
            Assert.Equal(options.HttpPorts, [Port(container, "http")]);
            Assert.Equal(options.Cluster.Port, Port(container, "cluster"));
            Assert.Contains(container.VolumeMounts, mount => mount.MountPath == options.Data && mount.ReadOnlyProperty != true);
            Assert.StartsWith("Host=", options.Journal, StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [InlineData("overlays/local", false)]
    [InlineData("overlays/production", true)]
    [InlineData("overlays/discovery", true)]
    public async Task NodesOfAnOverlay_HaveRules_OrSayThatTheyHaveNone(string overlay, bool hasRules)
    {
        var rendering = await Rendering.OfAsync(overlay);
        foreach (var (owner, _, container) in rendering.Nodes)
        {
            var options = Settings(rendering, container, isWhole: true);
            Assert.True((options.Access is not null, options.Insecure) == (hasRules, !hasRules), owner);
        }
    }

    [SkippableTheory]
    [InlineData("base")]
    [InlineData("overlays/local")]
    [InlineData("overlays/production")]
    public async Task Seeds_AreTheNamesThatPodsAnnounce(string overlay)
    {
        var rendering = await Rendering.OfAsync(overlay);
        var set = rendering.One<V1StatefulSet>("actortrading");
        var announced = Enumerable.Range(0, set.Spec.Replicas!.Value)
            .Select(ordinal => Settings(rendering, set.Spec.Template.Spec.Containers[0], ordinal))
            .Select(options => $"{options.Cluster.Host}:{options.Cluster.Port}").ToArray();

        var seeds = Settings(rendering, set.Spec.Template.Spec.Containers[0]).Cluster.Seeds;

        Assert.True(seeds.Count >= 2);
        Assert.All(seeds, seed => Assert.Contains(seed, announced));
        Assert.EndsWith("." + set.Spec.ServiceName, announced[0].Split(':')[0], StringComparison.Ordinal);
        Assert.True(rendering.One<V1Service>(set.Spec.ServiceName).Spec.PublishNotReadyAddresses);
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task TokensOfKubernetes_AreGivenToPodsThatAskIt_AndMayReadPodsOnly(string overlay)
    {
        var rendering = await Rendering.OfAsync(overlay);
        var (roles, bindings) = (rendering.All<V1Role>().ToArray(), rendering.All<V1RoleBinding>().ToArray());
        var subjects = bindings.SelectMany(binding => binding.Subjects).ToArray();
        foreach (var (owner, pod) in rendering.Pods)
        {
            var asks = rendering.Nodes.Any(node => node.Pod == pod && Settings(rendering, node.Container).Cluster.Discovery is not null);
            Assert.True(pod.Spec.AutomountServiceAccountToken == asks, owner);
            if (asks) Assert.Contains(subjects, subject => subject.Kind == "ServiceAccount" && subject.Name == pod.Spec.ServiceAccountName);
        }

        Assert.All(roles.SelectMany(role => role.Rules), rule => Assert.Equal(["pods"], rule.Resources));
        Assert.All(roles.SelectMany(role => role.Rules), rule => Assert.Equal(["get", "list", "watch"], rule.Verbs.Order()));
        Assert.All(bindings, binding => Assert.Contains(binding.RoleRef.Name, roles.Select(role => role.Name())));
        Assert.All(subjects, subject => Assert.Equal("actortrading", subject.NamespaceProperty));
        Assert.All(rendering.All<V1ServiceAccount>(), account => Assert.False(account.AutomountServiceAccountToken));
    }

    [SkippableTheory]
    [InlineData("overlays/discovery", false)]
    [InlineData("overlays/local", true)]
    public async Task Discovery_FindsTheHostsOfSymbols_ByAPortThatOnlyPodsReach(string overlay, bool hasEdge)
    {
        var path = Directory.CreateDirectory(Path.Combine(Repository.PathOf("k8s"), $".test-{Guid.NewGuid():N}"));
        try
        {
            var components = hasEdge ? "../components/edge, ../components/insecure, ../components/discovery" : "";
            await File.WriteAllTextAsync(
                Path.Combine(path.FullName, "kustomization.yaml"), $"resources: [../{overlay}]\ncomponents: [{components}]\n");
            var rendering = await Rendering.RenderAsync(path.FullName);
            var set = rendering.One<V1StatefulSet>("actortrading");
            var nodes = rendering.Nodes.ToArray();

            Assert.Equal(hasEdge ? 2 : 1, nodes.Length);
            foreach (var (owner, _, container) in nodes)
            {
                var cluster = Settings(rendering, container).Cluster;
                Assert.NotNull(cluster.Discovery);
                Assert.Empty(cluster.Seeds);
                Assert.Equal(cluster.Discovery.Port, Port(container, cluster.Discovery.PortName));
                Assert.Null(cluster.Discovery.Namespace);
                Assert.True(cluster.Discovery.Contacts * 2 > set.Spec.Replicas, owner);
                Assert.True(Selector.Parse(cluster.Discovery.Selector)!.Selects(set.Spec.Template.Metadata.Labels));
            }

            var between = rendering.One<V1NetworkPolicy>("actortrading").Spec.Ingress.Single(rule => rule.FromProperty is { Count: > 0 });
            Assert.Equal(["cluster", "management"], between.Ports.Select(port => port.Port.Value));
        }
        finally
        {
            path.Delete(recursive: true);
        }
    }

    [Fact]
    public void SettingsOfDiscovery_AreThoseOfTheBase_ButForSeeds()
    {
        using var own = JsonDocument.Parse(Repository.Read("k8s/components/discovery/config/node.json"));
        using var shared = JsonDocument.Parse(Repository.Read("k8s/base/config/node.json"));

        Assert.Equal(Rest(shared.RootElement), Rest(own.RootElement));

        static string[] Rest(JsonElement settings) =>
        [
            .. settings.EnumerateObject().Where(setting => setting.Name != "cluster")
                .Concat(settings.GetProperty("cluster").EnumerateObject())
                .Where(setting => setting.Name != "seeds" && !setting.Name.StartsWith("discovery", StringComparison.Ordinal))
                .Select(setting => $"{setting}").Order(),
        ];
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task VariablesOfServices_CannotBeTakenForSettings(string overlay) =>
        Assert.All((await Rendering.OfAsync(overlay)).Programs, program => Assert.False(program.Pod.Spec.EnableServiceLinks));

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task Probes_AskForHealthOnly(string overlay)
    {
        var paths = await PathsAsync();
        var rendering = await Rendering.OfAsync(overlay);
        foreach (var (_, pod, container) in rendering.Nodes)
        {
            var isEncrypted = Settings(rendering, container).Tls is not null;
            foreach (var (probe, path) in ((V1Probe, string)[])[(container.StartupProbe, "/health/live"),
                (container.ReadinessProbe, "/health/ready"), (container.LivenessProbe, "/health/live")])
            {
                Assert.Equal(path, probe.HttpGet.Path);
                Assert.Contains(path, paths);
                Assert.Equal("http", probe.HttpGet.Port.Value);
                Assert.Equal(isEncrypted ? "HTTPS" : null, probe.HttpGet.Scheme);
            }

            Assert.Contains(pod.Metadata.Annotations["prometheus.io/path"], paths);
            Assert.Equal(Port(container, "http").ToString(CultureInfo.InvariantCulture), pod.Metadata.Annotations["prometheus.io/port"]);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task PodIsGivenMoreTimeThanItsDrainTakes(string overlay)
    {
        var drain = CommandLine.DrainLimit;
        var rendering = await Rendering.OfAsync(overlay);
        foreach (var (owner, pod, container) in rendering.Nodes)
        {
            var regions = Akka.Configuration.ConfigurationFactory.ParseString(rendering.All<V1ConfigMap>().Single().Data["akka.hocon"])
                .GetTimeSpan("akka.coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout");
            var grace = TimeSpan.FromSeconds(pod.Spec.TerminationGracePeriodSeconds!.Value - container.Lifecycle.PreStop.Sleep.Seconds);

            Assert.True(regions < drain && drain + TimeSpan.FromSeconds(10) <= grace, $"{owner}: {regions} < {drain} < {grace}");
        }

        foreach (var (_, _, container) in rendering.Nodes)
        {
            // A pod leaves the Services before it stops listening: at the latest with the next failing probe.
            Assert.True(container.Lifecycle.PreStop.Sleep.Seconds >= 1);
            Assert.True(container.LivenessProbe.FailureThreshold * container.LivenessProbe.PeriodSeconds >= 60);
        }
    }

    [Fact]
    public void Image_IsOfThisVersionAndHasTheProjectsUserAndPortsOfTheProgram()
    {
        var image = Repository.Read("docker/Dockerfile");
        var version = VersionPrefix().Match(Repository.Read("Directory.Build.props")).Groups[1].Value;

        Assert.Contains($"ARG VERSION={version}\n", image, StringComparison.Ordinal);
        Assert.Contains("ARG PROJECT=ActorTrading.Host\n", image, StringComparison.Ordinal);
        Assert.Equal(
            Referenced("src/ActorTrading.Host/ActorTrading.Host.csproj").Order(),
            CopiedProject().Matches(image).Select(match => match.Groups[1].Value).Order());
        var defaults = new NodeOptions();
        Assert.Contains($"EXPOSE {defaults.Port} {defaults.HttpPorts.Single()} {defaults.Cluster.Port}\n", image, StringComparison.Ordinal);
        Assert.All(
            Variable().Matches(image).Select(match => match.Groups[1].Value),
            name => Assert.Contains(name, NodeSettings.All.Select(NameOf)));
        foreach (var command in ImageCommand().Matches(image).Select(match => JsonSerializer.Deserialize<string[]>(match.Groups[1].Value)!))
            Assert.Empty(CommandLine.Root().Parse(command[0] == "actortrading" ? command[1..] : command).Errors);
        foreach (Match copied in Copied().Matches(image))
            Assert.All(
                copied.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                path => Assert.True(Path.Exists(Repository.PathOf(path)), path));
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public async Task ManifestsRunThatImageAsItsUser(string overlay)
    {
        var image = Repository.Read("docker/Dockerfile");
        var version = VersionPrefix().Match(Repository.Read("Directory.Build.props")).Groups[1].Value;
        foreach (var (_, pod, container) in (await Rendering.OfAsync(overlay)).Programs)
        {
            Assert.EndsWith($"actortrading:{version}", container.Image, StringComparison.Ordinal);
            Assert.Contains(
                $"USER {pod.Spec.SecurityContext.RunAsUser}:{pod.Spec.SecurityContext.RunAsGroup}\n", image, StringComparison.Ordinal);
            Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp");
        }
    }

    /// <summary>The paths that a node describes.</summary>
    private async Task<IReadOnlySet<string>> PathsAsync()
    {
        await using var node = await Node.StartAsync(
            new NodeOptions { Data = folder.File("data"), Kind = EngineKind.Embedded, Port = 0, HttpPorts = [0] });
        using var client = new HttpClient();
        using var api = JsonDocument.Parse(await client.GetStringAsync(new Uri(node.Http[0], "/openapi.json")));
        return api.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToHashSet();
    }

    /// <summary>
    /// The settings that a node of a manifest reads as the pod of that ordinal. The base is incomplete: overlays add access rules, or state
    /// that there are none.
    /// </summary>
    private NodeOptions Settings(Rendering rendering, V1Container container, int ordinal = 0, bool isWhole = false)
    {
        var config = rendering.All<V1ConfigMap>().Single();
        foreach (var (name, content) in config.Data) File.WriteAllText(folder.File(name), content);
        var mount = container.VolumeMounts.Single(mount => mount.Name == "config").MountPath;
        var file = container.Args[container.Args.IndexOf("--config") + 1];
        Assert.Equal(mount, Path.GetDirectoryName(file));

        var arguments = new Dictionary<string, string?> { ["insecure"] = isWhole ? null : "true" };
        foreach (var variable in container.Env.Where(variable => variable.Name.StartsWith(NodeSettings.Prefix, StringComparison.Ordinal)))
        {
            var setting = NodeSettings.All.Single(setting => NameOf(setting) == variable.Name);
            arguments[setting.Key] = variable.Value?.Replace("$(POD_NAME)", $"actortrading-{ordinal}", StringComparison.Ordinal)
                ?? (variable.ValueFrom.SecretKeyRef is not null ? "Host=postgres" : "10.0.0.1");
        }

        var options = NodeSettings.Read(Path.Combine(folder.Path, Path.GetFileName(file)), arguments);
        if (options.HoconFile is { } hocon) Assert.Contains(Path.GetRelativePath(mount, hocon), config.Data.Keys);
        return options;
    }

    internal static string NameOf(Setting<NodeOptions> setting) =>
        NodeSettings.Prefix + setting.Key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();

    private static int Port(V1Container container, string name) => container.Ports.Single(port => port.Name == name).ContainerPort;

    /// <summary>A project and all its references.</summary>
    private static HashSet<string> Referenced(string project)
    {
        var all = new HashSet<string> { project };
        foreach (Match reference in ProjectReference().Matches(Repository.Read(project)))
        {
            var path = Path.GetRelativePath(
                Repository.PathOf(""),
                Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.PathOf(project))!, reference.Groups[1].Value)));
            all.UnionWith(Referenced(path));
        }

        return all;
    }

    [GeneratedRegex("<VersionPrefix>(.*)</VersionPrefix>")]
    private static partial Regex VersionPrefix();

    [GeneratedRegex("<ProjectReference Include=\"([^\"]*)\"")]
    private static partial Regex ProjectReference();

    [GeneratedRegex("^COPY (src/\\S+\\.csproj) src/", RegexOptions.Multiline)]
    private static partial Regex CopiedProject();

    [GeneratedRegex("^COPY ([^-].*) \\S+$", RegexOptions.Multiline)]
    private static partial Regex Copied();

    [GeneratedRegex("\\b(ACTORTRADING_[A-Z_]+)=")]
    private static partial Regex Variable();

    [GeneratedRegex("CMD (\\[.*\\])")]
    private static partial Regex ImageCommand();
}
