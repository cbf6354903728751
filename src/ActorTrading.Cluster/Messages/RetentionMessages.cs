using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Deletes a symbol's events up to a sequence number, if a snapshot by the current plan covers them. Answered with
/// <see cref="DeletionDone"/>.
/// </summary>
internal sealed record DeleteEvents(Symbol Symbol, long UpTo) : ISymbolMessage;

/// <summary>The events are deleted, or must not be deleted. <see cref="Fault"/>: why the deletion failed; empty: it did not.</summary>
internal sealed record DeletionDone(Symbol Symbol, string Fault);

/// <summary>Stops deletions for a minute. Answered with <see cref="DeletionsHeld"/> when no deletion is in progress.</summary>
internal sealed class HoldDeletions
{
    public static readonly HoldDeletions Instance = new();

    private HoldDeletions()
    {
    }
}

/// <summary>No deletion is in progress, and none starts for a minute.</summary>
internal sealed class DeletionsHeld
{
    public static readonly DeletionsHeld Instance = new();

    private DeletionsHeld()
    {
    }
}
