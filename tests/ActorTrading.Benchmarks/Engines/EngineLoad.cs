namespace ActorTrading.Benchmarks.Engines;

/// <summary>
/// A market as it is sent: ticks in batches, with so many ticks unanswered at most; at a rate, each batch when the schedule says
/// so, without one as fast as there is room.
/// </summary>
internal sealed record EngineLoad
{
    public int Symbols { get; init; } = 200;

    public int Ticks { get; init; } = 3_000_000;

    public int Batch { get; init; } = 500;

    public int Window { get; init; } = 250_000;

    public int? Rate { get; init; }

    /// <summary>Ticks before the measurement begins, which wake the symbols and the compiler.</summary>
    public int WarmUp => Math.Max(Ticks / 4, 2 * Symbols) / Batch * Batch;
}
