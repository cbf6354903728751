namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Asks a node's gateway (the actor <c>/user/gateway</c> of a member with the role <see cref="NodeRole.Gateway"/>) for the signals
/// after a position of the log. Answered with <see cref="SignalsPage"/>. No answer while the journal does not answer: ask this node
/// or another again.
/// </summary>
/// <param name="Position">The last position that the requester has; 0: none.</param>
public sealed record SignalsAfter(long Position);

/// <summary>
/// Signals after a position of the log: at most 1,024, without gaps. Continue after the last of them. An empty page is the current
/// end of the log.
/// </summary>
/// <param name="First">Position of the first signal.</param>
/// <param name="Signals">Signals, encoded as in the signal log; <see cref="Read"/> decodes them.</param>
/// <param name="Last">The last position that the gateway knows.</param>
public sealed record SignalsPage(long First, IReadOnlyList<byte[]> Signals, long Last)
{
    /// <summary>Decodes the signals, with their positions.</summary>
    /// <exception cref="InvalidDataException">A signal has a version that this release does not know.</exception>
    public IReadOnlyList<Engine.LoggedSignal> Read() => SignalsPublished.Decode(First, Signals);
}
