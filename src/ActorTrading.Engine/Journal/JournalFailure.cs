namespace ActorTrading.Engine.Journal;

/// <summary>Why a journal did not do what it was asked; docs/journal.md says what to do about each.</summary>
public enum JournalFailure
{
    /// <summary>None of the others; the message says what.</summary>
    Other,

    /// <summary>An event with that id and sequence number is there already: there is a second writer.</summary>
    Conflict,

    /// <summary>No room left, on the disk or under a limit. Nothing was written.</summary>
    Full,

    /// <summary>The file, its directory or the server takes no writes.</summary>
    ReadOnly,

    /// <summary>Somebody else held the database for longer than the lock timeout. Nothing was written.</summary>
    Locked,

    /// <summary>The file cannot be opened or read, or the server does not answer. Nothing was written.</summary>
    Unavailable,

    /// <summary>The server refuses this user or password. Nothing was written.</summary>
    Denied,

    /// <summary>The commit may or may not be durable. The store takes no further commits: open it anew, recover, send again.</summary>
    OutcomeUnknown,

    /// <summary>What is stored is damaged; the message says where.</summary>
    Corrupt,

    /// <summary>The tables are not what Akka.Persistence.Sql makes by default, or the address is not understood.</summary>
    Incompatible,
}
