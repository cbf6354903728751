using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Lab.Hostile;

/// <summary>Options of a test with hostile clients beside well-behaved ones.</summary>
/// <param name="Engine">The engine of the node.</param>
/// <param name="Data">The folder of the node.</param>
/// <param name="Seed">The seed of the market and of the hostile bytes.</param>
internal sealed record HostileOptions(EngineKind Engine, string Data, ulong Seed)
{
    /// <summary>Duration of the phase with only well-behaved clients.</summary>
    public TimeSpan Alone { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Duration of the phase with hostile clients.</summary>
    public TimeSpan Beside { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The kinds of hostile clients.</summary>
    public IReadOnlyList<HostileKind> Kinds { get; init; } = HostileKinds.All;

    /// <summary>Number of symbols of the good feed.</summary>
    public int Symbols { get; init; } = 20;

    /// <summary>Records per second of the good feed.</summary>
    public int Rate { get; init; } = 1_000;

    /// <summary>Number of records of the symbol with a long history.</summary>
    public int History { get; init; } = 200_000;

    /// <summary>Maximum ratio of the 99th percentile latency with hostile clients to that without; null: not checked.</summary>
    public double? MaxRatio { get; init; }

    /// <summary>Maximum growth of the node's memory with hostile clients, in bytes.</summary>
    public long MaxMemory { get; init; } = 768L << 20;

    /// <summary>Maximum growth of the node's folder in bytes, beyond the growth caused by the good feed.</summary>
    public long MaxDisk { get; init; } = 1536L << 20;
}
