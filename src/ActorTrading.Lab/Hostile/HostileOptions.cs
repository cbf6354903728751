using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Lab.Hostile;

/// <summary>How a node is tried with hostile clients beside good ones.</summary>
/// <param name="Engine">What hosts the symbols.</param>
/// <param name="Data">The folder of the node.</param>
/// <param name="Seed">Another seed, another market and other bytes.</param>
internal sealed record HostileOptions(EngineKind Engine, string Data, ulong Seed)
{
    /// <summary>How long the good ones are alone.</summary>
    public TimeSpan Alone { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long they have the hostile ones beside them.</summary>
    public TimeSpan Beside { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Which hostile clients.</summary>
    public IReadOnlyList<HostileKind> Kinds { get; init; } = HostileKinds.All;

    /// <summary>Symbols of the good feed.</summary>
    public int Symbols { get; init; } = 20;

    /// <summary>Records a second of the good feed.</summary>
    public int Rate { get; init; } = 1_000;

    /// <summary>Records of the symbol with a long history.</summary>
    public int History { get; init; } = 200_000;

    /// <summary>How many times as long the 99th percentile may be beside hostile clients as alone; null: it is not judged.</summary>
    public double? MaxRatio { get; init; }

    /// <summary>By how many bytes the memory of the node may grow beside hostile clients.</summary>
    public long MaxMemory { get; init; } = 768L << 20;

    /// <summary>By how many bytes its folder may, besides what the good feed makes it grow by.</summary>
    public long MaxDisk { get; init; } = 1536L << 20;
}
