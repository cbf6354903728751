using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Lab.Benching;

/// <summary>A load that is applied to both engines in turn.</summary>
/// <param name="Name">The name for <c>--case</c>.</param>
/// <param name="Symbols">Number of symbols.</param>
/// <param name="IsBinary">Whether to send binary frames instead of NDJSON.</param>
/// <param name="Window">Maximum number of unacknowledged records.</param>
/// <param name="Rate">Records per second by schedule; null for as many as possible.</param>
internal sealed record ComparisonCase(string Name, int Symbols, bool IsBinary, int Window = ComparisonCase.DefaultWindow, long? Rate = null)
{
    /// <summary>The default maximum number of unacknowledged records.</summary>
    public const int DefaultWindow = 131_072;

    private const int Million = 1_000_000;

    /// <summary>All cases, in the order in which they run.</summary>
    public static IReadOnlyList<ComparisonCase> All { get; } =
    [
        new("200-ndjson", 200, false),
        new("200-binary", 200, true),
        new("10000-ndjson", 10_000, false),
        new("10000-binary", 10_000, true),
        new("10000-ndjson-million", 10_000, false, Million),
        new("10000-binary-million", 10_000, true, Million),
        new("ordinary-day", 2_000, false, DefaultWindow, 20_000),
        new("cold-start", 200, false) { IsCold = true },
    ];

    /// <summary>Whether the load starts as soon as the node is ready and is measured from then on, without a warm-up.</summary>
    public bool IsCold { get; private init; }

    /// <summary>The options to run the load on a new node with an engine.</summary>
    public BenchOptions On(EngineKind engine, TimeSpan duration, TimeSpan warmUp) => new(
        Symbols, Rate, duration, IsCold ? TimeSpan.Zero : warmUp, IsBinary, Connections: 1, Window, To: null, Api: null, Plan: null,
        Data: null) { Engine = engine };
}
