namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Termination message of the cluster's singletons: finish what is on its way to the journal, answer it, and stop. Never leaves its node.
/// </summary>
internal sealed class StopSingleton
{
    public static readonly StopSingleton Instance = new();

    private StopSingleton()
    {
    }
}
