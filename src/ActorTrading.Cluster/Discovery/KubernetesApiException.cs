namespace ActorTrading.Cluster.Discovery;

/// <summary>Kubernetes did not tell of its pods. The message says why, and is all that there is to log.</summary>
internal sealed class KubernetesApiException(string message) : Exception(message)
{
    public override string ToString() => Message;
}
