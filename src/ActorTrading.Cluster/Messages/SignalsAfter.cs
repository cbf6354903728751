namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Asks a node's gateway, the actor <c>/user/gateway</c> of a member with the role <see cref="NodeRole.Gateway"/>, for the
/// signals of the log behind a position; answered with <see cref="SignalsPage"/>, or with nothing while the journal does not
/// answer: ask again, this node or another.
/// </summary>
/// <param name="Position">The last position that the asker has; 0 for none.</param>
public sealed record SignalsAfter(long Position);

/// <summary>
/// What the log has behind a position: at most 1,024 signals, without a gap. Ask again behind the last of them; an empty page is
/// the end of the log at that moment.
/// </summary>
/// <param name="First">The position of the first one.</param>
/// <param name="Signals">Each as the signal log keeps it; <see cref="Read"/> makes signals of them.</param>
/// <param name="Last">The last position that the gateway knows of.</param>
public sealed record SignalsPage(long First, IReadOnlyList<byte[]> Signals, long Last)
{
    /// <summary>The signals with their positions.</summary>
    /// <exception cref="InvalidDataException">One is of a version that is not known here.</exception>
    public IReadOnlyList<Engine.LoggedSignal> Read() => SignalsPublished.Decode(First, Signals);
}
