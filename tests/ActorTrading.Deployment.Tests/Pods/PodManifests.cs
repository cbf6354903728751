using System.Text;
using ActorTrading.Deployment.Tests.Discovery;
using ActorTrading.Deployment.Tests.Manifests;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>The manifests of pods: an overlay, and the objects of the cluster outside of it.</summary>
/// <param name="Rendering">The overlay.</param>
/// <param name="Secrets">The Secrets that operators create.</param>
/// <param name="Api">The API server; null if pods do not use it.</param>
internal sealed record PodManifests(Rendering Rendering, IReadOnlyList<V1Secret> Secrets, KubernetesApi? Api)
{
    public V1StatefulSet Set => Rendering.One<V1StatefulSet>("actortrading");

    /// <summary>The password of the journal.</summary>
    public string Password => TextOf(JournalSecret, "password");

    /// <summary>The address of the journal.</summary>
    public string Journal => TextOf(JournalSecret, "address");

    private string JournalSecret =>
        Set.Spec.Template.Spec.Containers[0].Env.Single(variable => variable.Name == "PGPASSWORD").ValueFrom.SecretKeyRef.Name;

    public V1Secret Secret(string name) => Secrets.Concat(Rendering.All<V1Secret>()).Single(secret => secret.Name() == name);

    private string TextOf(string secret, string key) => Encoding.UTF8.GetString(Secret(secret).Data[key]);
}
