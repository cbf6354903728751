namespace ActorTrading.Cluster.Discovery;

/// <summary>The Kubernetes API did not return its pods. The message has the reason; a stack trace is not logged.</summary>
internal sealed class KubernetesApiException(string message) : Exception(message)
{
    public override string ToString() => Message;
}
