using ActorTrading.Engine.Nodes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Asks a node for its <see cref="NodeStatus"/>.</summary>
internal sealed class GetStatus
{
    public static readonly GetStatus Instance = new();

    private GetStatus()
    {
    }
}

/// <summary>Asks a node for its <see cref="NodeIntake"/>.</summary>
internal sealed class GetIntake
{
    public static readonly GetIntake Instance = new();

    private GetIntake()
    {
    }
}

/// <summary>Asks a node for its <see cref="NodeRejects"/>.</summary>
internal sealed record GetRejects(RejectFilter Filter);
