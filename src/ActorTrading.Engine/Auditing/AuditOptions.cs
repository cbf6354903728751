namespace ActorTrading.Engine.Auditing;

/// <summary>How much of the audit log is kept, and by which clock.</summary>
public sealed record AuditOptions
{
    /// <summary>The size at which a file is ended and the next one begun, in bytes.</summary>
    public long FileBytes { get; init; } = 64L << 20;

    /// <summary>How much the files may take together, in bytes; beyond it the oldest go.</summary>
    public long TotalBytes { get; init; } = 1L << 30;

    /// <summary>
    /// How many lines of refusals a second are written for one address and caller; and for all together. The others are
    /// counted.
    /// </summary>
    public int RefusalsPerSecond { get; init; } = 16;

    /// <summary>The clock of stamps and limits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Hears, in words, of files that went, writes that fail, and writes that succeed again. Must not throw.</summary>
    public Action<string>? OnNotice { get; init; }
}
