namespace ActorTrading.Lab.Chaos;

/// <summary>What a cluster is put through.</summary>
/// <param name="Nodes">Nodes to begin with.</param>
/// <param name="Rounds">Faults, one after the other.</param>
/// <param name="Faults">Which kinds; each round takes the next of them, in an order that the seed shuffles.</param>
/// <param name="Feeds">Clients that send at once, to the nodes in turn; no two trade the same symbols, so that the order within
/// a symbol is known.</param>
/// <param name="Symbols">Symbols of each feed.</param>
/// <param name="Files">What the feeds send instead of a made-up market, once.</param>
/// <param name="Rate">Records a second, all feeds together.</param>
/// <param name="Records">A fault comes after 0 to so many acknowledged records.</param>
/// <param name="Seed">Another seed, another market and other moments.</param>
/// <param name="Postgres">The journal, where it is not a file in the folder. May hold a password: never shown.</param>
/// <param name="Outage">How long the journal cannot be written at a time; null: 5 to 15 s.</param>
/// <param name="Data">The folder of the cluster.</param>
internal sealed record ChaosOptions(
    int Nodes, int Rounds, IReadOnlyList<FaultKind> Faults, int Feeds, int Symbols, FileRecords? Files, int Rate, int Records, ulong Seed,
    string? Postgres, TimeSpan? Outage, string Data);
