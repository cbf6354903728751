namespace ActorTrading.Lab.Chaos;

/// <summary>A fault to apply to a cluster.</summary>
/// <param name="Name">The kind of fault, such as <c>cut, long</c>.</param>
/// <param name="Detail">The affected node and the duration.</param>
/// <param name="Kills">Number of nodes that it kills.</param>
/// <param name="Moves">How often it makes symbols move to other nodes, other than by a kill.</param>
/// <param name="RunAsync">Applies the fault, and repairs what does not recover by itself.</param>
internal sealed record Fault(string Name, string Detail, int Kills, int Moves, Func<CancellationToken, Task> RunAsync);
