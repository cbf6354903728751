namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Termination message of the cluster singletons: finish and answer pending journal writes, then stop. Local to the node.
/// </summary>
internal sealed class StopSingleton
{
    public static readonly StopSingleton Instance = new();

    private StopSingleton()
    {
    }
}
