namespace ActorTrading.Lab.Crashing;

/// <summary>How hard, how often, and with what a node is to be killed.</summary>
/// <param name="Rounds">How many times.</param>
/// <param name="Symbols">How many symbols each feed trades; no two feeds trade the same, so that the order within
/// a symbol is known.</param>
/// <param name="Feeds">How many clients send at once, NDJSON and binary in turn.</param>
/// <param name="Records">A kill comes after 0 to so many acknowledged records.</param>
/// <param name="Seed">Another seed, another market and other moments.</param>
/// <param name="Data">The folder of the node.</param>
internal sealed record CrashOptions(int Rounds, int Symbols, int Feeds, int Records, ulong Seed, string Data);
