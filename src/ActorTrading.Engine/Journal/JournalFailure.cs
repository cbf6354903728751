namespace ActorTrading.Engine.Journal;

/// <summary>Why a journal operation failed; docs/journal.md describes the remedy for each.</summary>
public enum JournalFailure
{
    /// <summary>Any other failure; see the message.</summary>
    Other,

    /// <summary>An event with that id and sequence number already exists: there is a second writer.</summary>
    Conflict,

    /// <summary>No space on the disk, or a limit is reached. Nothing was written.</summary>
    Full,

    /// <summary>The file, its directory or the server does not accept writes.</summary>
    ReadOnly,

    /// <summary>Another process held the database for longer than the lock timeout. Nothing was written.</summary>
    Locked,

    /// <summary>The file cannot be opened or read, or the server does not answer. Nothing was written.</summary>
    Unavailable,

    /// <summary>The server rejects this user or password. Nothing was written.</summary>
    Denied,

    /// <summary>The commit may or may not be durable. The store accepts no further commits: open it again, recover, send again.</summary>
    OutcomeUnknown,

    /// <summary>The stored data is damaged; the message gives the position.</summary>
    Corrupt,

    /// <summary>The tables differ from those that Akka.Persistence.Sql creates by default, or the address is not understood.</summary>
    Incompatible,
}
