using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Delete your events up to that number, if a snapshot by the present plan covers them; answered with <see cref="DeletionDone"/>.
/// </summary>
internal sealed record DeleteEvents(Symbol Symbol, long UpTo) : ISymbolMessage;

/// <summary>Events are deleted, or are not to be. <see cref="Fault"/>: why they could not be; empty for none.</summary>
internal sealed record DeletionDone(Symbol Symbol, string Fault);

/// <summary>Delete nothing for a minute; answered with <see cref="DeletionsHeld"/> when no deletion is under way.</summary>
internal sealed class HoldDeletions
{
    public static readonly HoldDeletions Instance = new();

    private HoldDeletions()
    {
    }
}

/// <summary>No deletion is under way, and none begins for a minute.</summary>
internal sealed class DeletionsHeld
{
    public static readonly DeletionsHeld Instance = new();

    private DeletionsHeld()
    {
    }
}
