namespace ActorTrading.Engine.Journal;

/// <summary>Options for opening a journal. The defaults suit a node.</summary>
public sealed record JournalOptions
{
    /// <summary>How long to wait for a lock on the database. Default: 5 s.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>SQLite: size of the write-ahead log, in bytes, from which on it is copied into the database. Default: 256 MiB.</summary>
    public long CheckpointBytes { get; init; } = 256L << 20;

    /// <summary>SQLite: maximum number of 4 KiB pages in the database; 0 for no limit.</summary>
    public long MaxPages { get; init; }

    /// <summary>The clock for the creation time of rows. Default: the system clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
