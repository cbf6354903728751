namespace ActorTrading.Engine.Journal;

/// <summary>How a journal is opened; the defaults are right for a node.</summary>
public sealed record JournalOptions
{
    /// <summary>How long to wait for another holder of the database. Default: 5 s.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>SQLite: bytes in the write-ahead log from which it is copied into the database. Default: 256 MiB.</summary>
    public long CheckpointBytes { get; init; } = 256L << 20;

    /// <summary>SQLite: pages of 4 KiB that the database may have; 0 for no limit.</summary>
    public long MaxPages { get; init; }

    /// <summary>Gives rows the time of their writing. Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
