namespace ActorTrading.Engine.Journal;

/// <summary>A journal operation failed. The message names the journal and never contains a password.</summary>
public class JournalException(JournalFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of failure.</summary>
    public JournalFailure Failure { get; } = failure;
}
