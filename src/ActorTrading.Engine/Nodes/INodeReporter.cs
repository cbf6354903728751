namespace ActorTrading.Engine.Nodes;

/// <summary>Reports the status of the node that hosts an engine, on request. Costs nothing without requests. Thread-safe.</summary>
public interface INodeReporter
{
    /// <summary>
    /// The status of the node. Answers within a second, even if the journal does not respond. The engine sets
    /// <see cref="NodeStatus.Node"/>.
    /// </summary>
    Task<NodeStatus> StatusAsync();

    /// <summary>The node's TCP connections, and the ledger of input that its listeners refused before it reached the engine.</summary>
    NodeIntake Intake();

    /// <summary>The newest rejections that match, newest first.</summary>
    IReadOnlyList<KeptReject> Rejects(RejectFilter filter);
}
