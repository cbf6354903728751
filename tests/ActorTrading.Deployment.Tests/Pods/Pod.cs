using System.Globalization;
using System.Text;
using ActorTrading.Deployment.Tests.Discovery;
using ActorTrading.TestKit;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>
/// A pod of a StatefulSet, run like by a kubelet: command line, variables, files and probes come from the manifest. Its name stays the
/// same; its address is new after each start.
/// </summary>
internal sealed class Pod : IAsyncDisposable
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    private readonly PodNetwork network;
    private readonly ContainerImage image;
    private readonly PodManifests manifests;
    private readonly V1StatefulSet set;
    private readonly TemporaryFolder folder;
    private readonly CancellationTokenSource ending = new();
    private CancellationTokenSource? life;
    private NetworkNamespace? place;
    private Container? container;
    private Task probing = Task.CompletedTask;
    private volatile bool isLive;
    private volatile bool isReady;
    private volatile bool isTerminating;

    public Pod(PodNetwork network, ContainerImage image, PodManifests manifests, int ordinal)
    {
        this.network = network;
        this.image = image;
        this.manifests = manifests;
        set = manifests.Set;
        Name = $"{set.Name()}-{ordinal}";
        folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("data"));
    }

    public string Name { get; }

    /// <summary>The host name for other pods.</summary>
    public string HostName => $"{Name}.{set.Spec.ServiceName}";

    /// <summary>Its address; null while it does not run.</summary>
    public string? Address => place?.Address;

    /// <summary>Whether Services send connections to it.</summary>
    public bool IsReady => isReady && !isTerminating;

    /// <summary>The process of its container.</summary>
    public int ProcessId => container!.Id;

    /// <summary>The output since its last start.</summary>
    public string Output => container?.Output ?? "";

    /// <summary>Number of failed probes after which a kubelet would restart it.</summary>
    public int FailedLives { get; private set; }

    private V1PodSpec Spec => set.Spec.Template.Spec;

    private V1Container Manifest => Spec.Containers[0];

    /// <summary>Starts it with a new address.</summary>
    public async Task StartAsync()
    {
        place = await network.AddAsync();
        network.SetName(HostName, place.Address);
        var hosts = folder.File("hosts");
        network.AddHosts(hosts);
        var variables = Manifest.Env.ToDictionary(variable => variable.Name, Value);
        foreach (var (name, value) in variables.ToArray()) variables[name] = value.Replace("$(POD_NAME)", Name, StringComparison.Ordinal);
        var mounts = new List<Mount>();
        foreach (var mount in Manifest.VolumeMounts)
            mounts.Add(new Mount(await SourceAsync(mount.Name), mount.MountPath, mount.ReadOnlyProperty == true));
        if (manifests.Api is { } api)
        {
            // The variables of every pod, and those that only some manifests request.
            variables["KUBERNETES_SERVICE_HOST"] = api.Address.Host;
            variables["KUBERNETES_SERVICE_PORT"] = api.Address.Port.ToString(CultureInfo.InvariantCulture);
            if (Spec.AutomountServiceAccountToken == true) mounts.Add(new Mount(await AccountAsync(api), ServiceAccount, IsReadOnly: true));
        }

        isTerminating = isLive = false;
        container = Container.Start(image, place, new ContainerSpec(Name, [.. Manifest.Args], variables, mounts, hosts));
        manifests.Api?.Put(Told());
        life = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        probing = ProbeAsync(container, life.Token);
    }

    /// <summary>Ends it like a machine failure.</summary>
    public async Task KillAsync()
    {
        isReady = false;
        container!.Kill();
        await LeaveAsync();
    }

    /// <summary>
    /// Ends it like Kubernetes: no new connections, preStop, SIGTERM, and a kill after the grace period. Returns the exit code.
    /// </summary>
    public async Task<int> TerminateAsync(CancellationToken cancellation)
    {
        isTerminating = true;
        if (manifests.Api is { } api)
        {
            var told = Told();
            told.Metadata.DeletionTimestamp = DateTime.UtcNow;
            api.Put(told);
        }

        var preStop = TimeSpan.FromSeconds(Manifest.Lifecycle.PreStop.Sleep.Seconds);
        await Task.Delay(preStop, cancellation);
        container!.Terminate();
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        grace.CancelAfter(TimeSpan.FromSeconds(Spec.TerminationGracePeriodSeconds!.Value) - preStop);
        var exitCode = await container.EndAsync(grace.Token);
        isReady = false;
        await LeaveAsync();
        return exitCode;
    }

    /// <summary>Waits until it is ready.</summary>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        while (!IsReady)
        {
            Assert.False(container!.HasExited, $"{Name} has ended: {Output}");
            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>Waits until its startup probe succeeds.</summary>
    public async Task LiveAsync(CancellationToken cancellation)
    {
        while (!isLive)
        {
            Assert.False(container!.HasExited, $"{Name} has ended: {Output}");
            await Task.Delay(100, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        container?.Dispose();
        ending.Dispose();
        folder.Dispose();
    }

    private async Task LeaveAsync()
    {
        await life!.CancelAsync();
        await probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        life.Dispose();
        container!.Dispose();
        container = null;
        network.SetName(HostName, null);
        manifests.Api?.Remove(Name);
        await network.RemoveAsync(place!);
        place = null;
    }

    private async Task ProbeAsync(Container probed, CancellationToken cancellation)
    {
        using var kubelet = network.NewClient(network.Node, isKept: false);
        while (!await PassesAsync(kubelet, Manifest.StartupProbe, cancellation))
            await Task.Delay(Period(Manifest.StartupProbe), cancellation);
        isLive = true;
        await Task.WhenAll(WatchReadinessAsync(), WatchLifeAsync());

        async Task WatchReadinessAsync()
        {
            for (var failures = 0; !probed.HasExited; await Task.Delay(Period(Manifest.ReadinessProbe), cancellation))
            {
                failures = await PassesAsync(kubelet, Manifest.ReadinessProbe, cancellation) ? 0 : failures + 1;
                if (failures == 0) isReady = true;
                else if (failures >= (Manifest.ReadinessProbe.FailureThreshold ?? 3)) isReady = false;
            }
        }

        async Task WatchLifeAsync()
        {
            for (var failures = 0; !probed.HasExited && !isTerminating; await Task.Delay(Period(Manifest.LivenessProbe), cancellation))
            {
                failures = await PassesAsync(kubelet, Manifest.LivenessProbe, cancellation) ? 0 : failures + 1;
                if (failures >= (Manifest.LivenessProbe.FailureThreshold ?? 3) && !isTerminating) FailedLives++;
            }
        }
    }

    private async Task<bool> PassesAsync(HttpClient kubelet, V1Probe probe, CancellationToken cancellation)
    {
        var port = Manifest.Ports.Single(port => port.Name == probe.HttpGet.Port.Value).ContainerPort;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(probe.TimeoutSeconds ?? 1));
        try
        {
            var address = new Uri($"{probe.HttpGet.Scheme ?? "HTTP"}://{place!.Address}:{port}{probe.HttpGet.Path}");
            using var answer = await kubelet.GetAsync(address, limit.Token);
            return (int)answer.StatusCode is >= 200 and < 400;
        }
        catch (Exception exception)
            when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    private string Value(V1EnvVar variable)
    {
        if (variable.Value is { } value) return value;
        if (variable.ValueFrom.FieldRef is { } field)
        {
            return field.FieldPath switch
            {
                "metadata.name" => Name,
                "status.podIP" => place!.Address,
                _ => throw new NotSupportedException(field.FieldPath),
            };
        }

        var reference = variable.ValueFrom.SecretKeyRef;
        return Encoding.UTF8.GetString(manifests.Secret(reference.Name).Data[reference.Key]);
    }

    /// <summary>A volume as a folder of this machine. The volume of a claim is kept; the others are new after each start.</summary>
    private async Task<string> SourceAsync(string volume)
    {
        var path = folder.File(volume);
        if (Spec.Volumes.FirstOrDefault(candidate => candidate.Name == volume) is { } listed)
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            Directory.CreateDirectory(path);
            if (listed.ConfigMap is { } config)
            {
                foreach (var (name, content) in manifests.Rendering.One<V1ConfigMap>(config.Name).Data)
                    await File.WriteAllTextAsync(Path.Combine(path, name), content);
            }

            if (listed.Secret is { } secret) await WriteAsync(secret, path);
        }

        await Tools.OutputAsync(
            "chown", string.Create(CultureInfo.InvariantCulture, $"{Spec.SecurityContext.RunAsUser}:{Spec.SecurityContext.FsGroup}"), path);
        return path;
    }

    /// <summary>A Secret's files: owned by root, and readable by the group of the pod if the manifest says so.</summary>
    private async Task WriteAsync(V1SecretVolumeSource secret, string path)
    {
        foreach (var (name, content) in manifests.Secret(secret.SecretName).Data)
        {
            var file = Path.Combine(path, name);
            await File.WriteAllBytesAsync(file, content);
            await Tools.OutputAsync("chown", string.Create(CultureInfo.InvariantCulture, $"0:{Spec.SecurityContext.FsGroup}"), file);
            await Tools.OutputAsync("chmod", Convert.ToString(secret.DefaultMode!.Value, 8), file);
        }
    }

    /// <summary>The files of the service account that Kubernetes mounts into a pod.</summary>
    private async Task<string> AccountAsync(KubernetesApi api)
    {
        var path = Directory.CreateDirectory(folder.File("account")).FullName;
        await File.WriteAllTextAsync(Path.Combine(path, "token"), api.Token);
        await File.WriteAllTextAsync(Path.Combine(path, "ca.crt"), api.Authority);
        await File.WriteAllTextAsync(Path.Combine(path, "namespace"), set.Namespace());
        return path;
    }

    /// <summary>The pod, as the API server reports it.</summary>
    private V1Pod Told() => new()
    {
        Metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = set.Namespace(), Labels = set.Spec.Template.Metadata.Labels },
        Spec = new V1PodSpec { Hostname = Name, Subdomain = set.Spec.ServiceName, Containers = Spec.Containers },
        Status = new V1PodStatus
        {
            Phase = "Running", PodIP = place!.Address,
            ContainerStatuses = [.. Spec.Containers.Select(one => KubernetesApi.Running(one.Name))],
        },
    };

    private static TimeSpan Period(V1Probe probe) => TimeSpan.FromSeconds(probe.PeriodSeconds ?? 10);
}
