namespace ActorTrading.Benchmarks.Engines;

/// <summary>
/// The sent market: ticks in batches, with a maximum of unanswered ticks. With a rate, each batch is sent at its scheduled time; without
/// one, as soon as there is room.
/// </summary>
internal sealed record EngineLoad
{
    public int Symbols { get; init; } = 200;

    public int Ticks { get; init; } = 3_000_000;

    public int Batch { get; init; } = 500;

    public int Window { get; init; } = 250_000;

    public int? Rate { get; init; }

    /// <summary>Ticks before the measurement, which activate the symbols and let the compiler optimize.</summary>
    public int WarmUp => Math.Max(Ticks / 4, 2 * Symbols) / Batch * Batch;
}
