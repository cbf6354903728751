namespace ActorTrading.Lab.Crashing;

/// <summary>Options of a crash test.</summary>
/// <param name="Rounds">Number of kills.</param>
/// <param name="Symbols">Number of symbols per feed. No two feeds trade the same symbols, so that the order within a symbol is
/// known.</param>
/// <param name="Feeds">Number of concurrent clients, NDJSON and binary in turn.</param>
/// <param name="Records">A kill happens after 0 to this number of acknowledged records.</param>
/// <param name="Seed">The seed of the market and of the times of the kills.</param>
/// <param name="Data">The folder of the node.</param>
internal sealed record CrashOptions(int Rounds, int Symbols, int Feeds, int Records, ulong Seed, string Data);
