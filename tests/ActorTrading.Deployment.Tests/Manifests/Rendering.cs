using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Manifests;

/// <summary>The objects of an overlay, as rendered by <c>kubectl kustomize</c> and read by the types of Kubernetes' client.</summary>
internal sealed class Rendering
{
    /// <summary>The program's image in all manifests, without registry and tag.</summary>
    public const string Image = "actortrading";

    private const int LeastMinor = 27; // kubectl 1: its kustomize supports components and labels

    private static readonly Lazy<Task<int>> Minor = new(MinorAsync);
    private static readonly ConcurrentDictionary<string, Lazy<Task<Rendering>>> Rendered = new();

    private Rendering(string yaml, IReadOnlyList<object> objects)
    {
        Yaml = yaml;
        Objects = objects;
    }

    public string Yaml { get; }

    public IReadOnlyList<object> Objects { get; }

    /// <summary>The templates of all pods, by the name of their owner.</summary>
    public IEnumerable<(string Owner, V1PodTemplateSpec Template)> Pods =>
        All<V1StatefulSet>().Select(set => ($"StatefulSet {set.Name()}", set.Spec.Template))
            .Concat(All<V1Deployment>().Select(deployment => ($"Deployment {deployment.Name()}", deployment.Spec.Template)))
            .Concat(All<V1Job>().Select(job => ($"Job {job.Name()}", job.Spec.Template)));

    /// <summary>The containers that run the program, with their pods.</summary>
    public IEnumerable<(string Owner, V1PodTemplateSpec Pod, V1Container Container)> Programs =>
        from pod in Pods
        from container in pod.Template.Spec.Containers.Concat(pod.Template.Spec.InitContainers ?? [])
        where container.Image.Split('/')[^1].Split(':')[0] == Image
        select (pod.Owner, pod.Template, container);

    /// <summary>The pods that are nodes of the cluster.</summary>
    public IEnumerable<(string Owner, V1PodTemplateSpec Pod, V1Container Container)> Nodes =>
        Programs.Where(program => program.Container.Args[0] == "node");

    /// <summary>The objects of a folder below <c>k8s</c>.</summary>
    /// <exception cref="SkipException">kubectl is not installed, or too old.</exception>
    public static Task<Rendering> OfAsync(string overlay) =>
        Rendered.GetOrAdd(
            overlay, static overlay => new Lazy<Task<Rendering>>(() => RenderAsync(Repository.PathOf(Path.Combine("k8s", overlay))))).Value;

    /// <summary>The objects of any folder.</summary>
    /// <exception cref="SkipException">kubectl is not installed, or too old.</exception>
    public static async Task<Rendering> RenderAsync(string folder)
    {
        Skip.If(await Minor.Value < LeastMinor, $"kubectl 1.{await Minor.Value} is too old for these manifests, which need 1.{LeastMinor}");
        var yaml = await Tools.OutputAsync("kubectl", "kustomize", folder);
        return new Rendering(yaml, Read(yaml));
    }

    /// <summary>Reads objects; an unknown field or kind is an error.</summary>
    public static IReadOnlyList<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, null, strict: true);

    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    public T One<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => All<T>().Single(candidate => candidate.Name() == name);

    private static async Task<int> MinorAsync()
    {
        using var version = JsonDocument.Parse(await Tools.OutputAsync("kubectl", "version", "--client", "--output=json"));
        var client = version.RootElement.GetProperty("clientVersion");
        Assert.Equal("1", client.GetProperty("major").GetString());
        return int.Parse(client.GetProperty("minor").GetString()!.TrimEnd('+'), CultureInfo.InvariantCulture);
    }
}
