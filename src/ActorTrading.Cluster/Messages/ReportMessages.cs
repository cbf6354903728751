using ActorTrading.Engine.Nodes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Asks a node for its <see cref="NodeStatus"/>.</summary>
internal sealed class AskStatus
{
    public static readonly AskStatus Instance = new();

    private AskStatus()
    {
    }
}

/// <summary>Asks a node for its <see cref="NodeIntake"/>.</summary>
internal sealed class AskIntake
{
    public static readonly AskIntake Instance = new();

    private AskIntake()
    {
    }
}

/// <summary>Asks a node for its <see cref="NodeRefusals"/>.</summary>
internal sealed record AskRefusals(RefusalFilter Filter);
