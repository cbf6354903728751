using ActorTrading.Domain.Admission;
using ActorTrading.Engine.Ingest.Admission;
using ActorTrading.Engine.Telemetry;

namespace ActorTrading.Engine.Ingest;

/// <summary>Options of an ingest pipeline: where it keeps refused input and the audit, and limits. Described in docs/ingest.md.</summary>
public sealed record IngestPipelineOptions
{
    /// <summary>
    /// The data folder; <c>quarantine</c> and <c>audit</c> are created in it when needed. Null: rejections are counted and shown, but not
    /// stored.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Size in bytes at which a file of the quarantine or the audit is closed and the next one started.</summary>
    public long FileBytes { get; init; } = 64L << 20;

    /// <summary>Maximum size of the quarantine, in bytes. Beyond it the oldest files are deleted; this is counted and reported.</summary>
    public long QuarantineBytes { get; init; } = 1L << 30;

    /// <summary>Maximum size of the audit, in bytes.</summary>
    public long AuditBytes { get; init; } = 1L << 30;

    /// <summary>Maximum number of rejections that wait to be written to the quarantine; beyond it, senders wait.</summary>
    public int MaxWaiting { get; init; } = 65_536;

    /// <summary>Maximum number of sources with accepted records since the start; records of further sources are refused.</summary>
    public int MaxSources { get; init; } = 65_536;

    /// <summary>Maximum number of sources that one caller may add, if there are access rules.</summary>
    public int MaxSourcesPerCaller { get; init; } = 16_384;

    /// <summary>Maximum number of symbols. Records of further symbols are refused; records of known symbols never are.</summary>
    public int MaxSymbols { get; init; } = 100_000;

    /// <summary>Maximum number of symbols that one source may add, and, with access rules, one caller without a quota.</summary>
    public int MaxSymbolsPerSource { get; init; } = 50_000;

    /// <summary>
    /// Maximum number of new symbols a second for a caller (without access rules, for a source), with a burst of ten times as many. Beyond
    /// that the caller waits.
    /// </summary>
    public int NewSymbolsPerSecond { get; init; } = 2_000;

    /// <summary>Maximum number of names of economic indicators that one source, and one caller, may add.</summary>
    public int MaxFiguresPerSource { get; init; } = 2_500;

    /// <summary>Number of names of symbols, and of sources, that a listener caches: all known ones, and some unknown ones.</summary>
    public int NamesKept => (int)Math.Max(1 << 17, Math.Min(1 << 28, MaxSymbols * 5L / 4));

    /// <summary>
    /// How far a timestamp may be ahead of <see cref="Time"/>; records further ahead are rejected with
    /// <see cref="RejectReason.TimeAhead"/>.
    /// </summary>
    public TimeSpan MaxAhead { get; init; } = ClockLimit.DefaultMaxAhead;

    /// <summary>Wait before a failed write to the quarantine is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many rejections a live reader may be behind before it loses the oldest.</summary>
    public int LiveBuffer { get; init; } = 4_096;

    /// <summary>The clock for timestamps and for the audit.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Free disk space; null: not checked. The caller disposes it.</summary>
    public DiskWatch? Disk { get; init; }

    /// <summary>
    /// Called with messages for the operator: deleted files, failed writes, and writes that succeed again. Must not throw.
    /// </summary>
    public Action<string>? OnNotice { get; init; }

    /// <summary>Receives the response times of batches and the reasons of rejections. Null: no metrics.</summary>
    public EngineMeter? Meter { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(FileBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QuarantineBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(AuditBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaiting, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSources, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSourcesPerCaller, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSymbols, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSymbolsPerSource, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(NewSymbolsPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFiguresPerSource, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LiveBuffer, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAhead, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryAfter, TimeSpan.Zero);
    }
}
