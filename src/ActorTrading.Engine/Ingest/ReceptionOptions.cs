using ActorTrading.Domain.Admission;
using ActorTrading.Engine.Telemetry;

namespace ActorTrading.Engine.Ingest;

/// <summary>Where a reception keeps what it refused and what it received, and how much of it. Described in docs/ingest.md.</summary>
public sealed record ReceptionOptions
{
    /// <summary>
    /// The data folder, in which <c>quarantine</c> and <c>audit</c> are made when they are needed. Null: refusals are counted and shown, but kept nowhere.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The size at which a file of the quarantine or the audit is ended and the next one begun, in bytes.</summary>
    public long FileBytes { get; init; } = 64L << 20;

    /// <summary>How much the quarantine may hold, in bytes; beyond it, the oldest files go, and that is counted and told.</summary>
    public long QuarantineBytes { get; init; } = 1L << 30;

    /// <summary>The same for the audit.</summary>
    public long AuditBytes { get; init; } = 1L << 30;

    /// <summary>How many refusals may wait to be written to the quarantine; whoever brings more waits.</summary>
    public int MaxWaiting { get; init; } = 65_536;

    /// <summary>How many sources there may be in all since the start; records of further ones are refused.</summary>
    public int MaxSources { get; init; } = 65_536;

    /// <summary>How far a stamp may be ahead of <see cref="Time"/>; records further ahead are rejected with <see cref="RejectReason.TimeAhead"/>.</summary>
    public TimeSpan MaxAhead { get; init; } = ClockLimit.DefaultMaxAhead;

    /// <summary>How long to wait before a failed write to the quarantine is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many refusals a reader of live ones may be behind before it loses the oldest.</summary>
    public int LiveBuffer { get; init; } = 4_096;

    /// <summary>The clock of stamps and of the audit.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Hears, in words, of what an operator should know: files that went, writes that fail, writes that succeed again. Must not throw.</summary>
    public Action<string>? OnNotice { get; init; }

    /// <summary>Told how long batches took to be answered, and the reasons of refusals. Null: nothing is measured.</summary>
    public EngineMeter? Meter { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(FileBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QuarantineBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(AuditBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaiting, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSources, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LiveBuffer, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAhead, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryAfter, TimeSpan.Zero);
    }
}
