namespace ActorTrading.Lab.Chaos;

/// <summary>Options of a chaos test.</summary>
/// <param name="Nodes">Number of nodes at the start.</param>
/// <param name="Rounds">Number of faults, one after the other.</param>
/// <param name="Faults">The kinds of faults; each round uses the next kind, in an order shuffled by the seed.</param>
/// <param name="Feeds">Number of concurrent clients, assigned to the nodes in turn. No two trade the same symbols, so that the order within
/// a symbol is known.</param>
/// <param name="Symbols">Number of symbols per feed.</param>
/// <param name="Files">Files that the feeds send once, instead of a generated market.</param>
/// <param name="Rate">Records per second of all feeds together.</param>
/// <param name="Records">A fault happens after 0 to this number of acknowledged records.</param>
/// <param name="Seed">The seed of the market and of the times of the faults.</param>
/// <param name="Postgres">The address of the journal; null for a file in the folder. May contain a password: never shown.</param>
/// <param name="Outage">The duration of a journal outage; null: 5 to 15 s.</param>
/// <param name="Data">The folder of the cluster.</param>
internal sealed record ChaosOptions(
    int Nodes, int Rounds, IReadOnlyList<FaultKind> Faults, int Feeds, int Symbols, FileRecords? Files, int Rate, int Records, ulong Seed,
    string? Postgres, TimeSpan? Outage, string Data);
