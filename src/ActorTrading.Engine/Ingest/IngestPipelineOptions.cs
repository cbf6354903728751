using ActorTrading.Domain.Admission;
using ActorTrading.Engine.Telemetry;

namespace ActorTrading.Engine.Ingest;

/// <summary>Where a reception keeps what it refused and what it received, and how much of it. Described in docs/ingest.md.</summary>
public sealed record IngestPipelineOptions
{
    /// <summary>
    /// The data folder, in which <c>quarantine</c> and <c>audit</c> are made when they are needed. Null: refusals are counted
    /// and shown, but kept nowhere.
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

    /// <summary>Of how many sources records may be accepted since the start; records of further ones are refused.</summary>
    public int MaxSources { get; init; } = 65_536;

    /// <summary>How many of them one caller may bring, with access rules.</summary>
    public int MaxSourcesPerCaller { get; init; } = 16_384;

    /// <summary>How many symbols there may be; records of further ones are refused, those of known ones never.</summary>
    public int MaxSymbols { get; init; } = 100_000;

    /// <summary>How many of them one source may bring, and, with access rules, one caller without a quota.</summary>
    public int MaxSymbolsPerSource { get; init; } = 50_000;

    /// <summary>
    /// How many new symbols a caller (a source, without access rules) may bring in a second, and ten times as many at
    /// once; beyond that it waits.
    /// </summary>
    public int NewSymbolsPerSecond { get; init; } = 2_000;

    /// <summary>How many names of economic indicators one source, and one caller, may bring.</summary>
    public int MaxFiguresPerSource { get; init; } = 2_500;

    /// <summary>How many names of symbols, and of sources, a door keeps an object of: all that are known, and some that are not.</summary>
    public int NamesKept => (int)Math.Max(1 << 17, Math.Min(1 << 28, MaxSymbols * 5L / 4));

    /// <summary>
    /// How far a stamp may be ahead of <see cref="Time"/>; records further ahead are rejected with <see cref="RejectReason.TimeAhead"/>.
    /// </summary>
    public TimeSpan MaxAhead { get; init; } = ClockLimit.DefaultMaxAhead;

    /// <summary>How long to wait before a failed write to the quarantine is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many refusals a reader of live ones may be behind before it loses the oldest.</summary>
    public int LiveBuffer { get; init; } = 4_096;

    /// <summary>The clock of stamps and of the audit.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How much room is left on the disk; its owner's. Null: nobody looks.</summary>
    public DiskWatch? Disk { get; init; }

    /// <summary>
    /// Hears, in words, of what an operator should know: files that went, writes that fail, writes that succeed again. Must not throw.
    /// </summary>
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
