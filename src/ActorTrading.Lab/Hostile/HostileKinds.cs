using ActorTrading.Lab.Hostile.Kinds;

namespace ActorTrading.Lab.Hostile;

/// <summary>All kinds of hostile clients.</summary>
internal static class HostileKinds
{
    /// <summary>All kinds, in the order of the report.</summary>
    public static IReadOnlyList<HostileKind> All { get; } =
    [
        new ClusterNoise(), new OtherProtocols(), new AbortedQueries(), new NewSymbols(), new RefusedSources(), new EconomicNames(),
            new Readers(),
        new ForeignPages(), new SilentSockets(), new HalfTls(), new SlowHeaders(), new SlowLines(), new EscapeBytes(), new BadTokens(),
            new PathTricks(),
        new DeepJson(), new ZipBombs(), new Garbage(), new HugeLines(), new CutFrames(), new SlowReaders(), new Flood(),
            new ConnectionStorm(),
    ];

    /// <summary>The kind with that name; null when there is none.</summary>
    public static HostileKind? Named(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
