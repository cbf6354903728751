namespace ActorTrading.Engine.Auditing;

/// <summary>Size limits and clock of the audit log.</summary>
public sealed record AuditOptions
{
    /// <summary>Size in bytes at which a file is closed and the next one started.</summary>
    public long FileBytes { get; init; } = 64L << 20;

    /// <summary>Maximum total size of the files, in bytes; beyond it the oldest are deleted.</summary>
    public long TotalBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Maximum number of lines for refusals a second, for one address and caller, and for all together. Further refusals are counted.
    /// </summary>
    public int DenialsPerSecond { get; init; } = 16;

    /// <summary>The clock for timestamps and limits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called with messages about deleted files, failed writes, and writes that succeed again. Must not throw.</summary>
    public Action<string>? OnNotice { get; init; }
}
