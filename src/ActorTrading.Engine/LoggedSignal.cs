namespace ActorTrading.Engine;

/// <summary>A signal and its position in the signal log. Positions start at 1 and have no gaps.</summary>
public sealed record LoggedSignal(long Position, Domain.Signals.Signal Signal)
{
    /// <summary>
    /// Unique id of the log entry: the id of the signal. For a withdrawal, the id of the withdrawn signal followed by <c>/withdrawn</c>.
    /// </summary>
    public string EntryId => Signal.Action == Domain.Signals.SignalAction.Withdrawn ? $"{Signal.Id}/withdrawn" : Signal.Id;
}
