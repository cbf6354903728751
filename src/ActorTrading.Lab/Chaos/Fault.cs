namespace ActorTrading.Lab.Chaos;

/// <summary>One thing that is done to a cluster.</summary>
/// <param name="Name">Its kind, such as <c>cut, long</c>.</param>
/// <param name="Detail">To which node, and for how long.</param>
/// <param name="Kills">Nodes that it kills.</param>
/// <param name="Moves">How often it has symbols move to other nodes in other ways than by a kill.</param>
/// <param name="RunAsync">Does it, and puts right what does not come right by itself.</param>
internal sealed record Fault(string Name, string Detail, int Kills, int Moves, Func<CancellationToken, Task> RunAsync);
