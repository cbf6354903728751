namespace ActorTrading.Engine.Nodes;

/// <summary>
/// What the host of an engine tells of its node, when it is asked. Costs nothing while nobody asks. Safe for any number
/// of threads.
/// </summary>
public interface INodeReporter
{
    /// <summary>
    /// How the node is doing; answers within a second, whatever the journal does. The engine fills in
    /// <see cref="NodeStatus.Node"/>.
    /// </summary>
    Task<NodeStatus> StatusAsync();

    /// <summary>The node's TCP connections, and the ledger of what its doors refused before the engine heard of it.</summary>
    NodeIntake Intake();

    /// <summary>The last refusals that fit, newest first.</summary>
    IReadOnlyList<KeptReject> Refusals(RejectFilter filter);
}
