namespace ActorTrading.Engine.Journal;

/// <summary>A journal did not do what it was asked. Messages name the place, and never hold a password.</summary>
public class JournalException(JournalFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public JournalFailure Failure { get; } = failure;
}
