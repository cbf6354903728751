using ActorTrading.Host.Clustering;

namespace ActorTrading.Lab.Chaos;

/// <summary>The parts of a test that faults are applied to.</summary>
/// <param name="Cluster">The processes of the nodes.</param>
/// <param name="Links">The connections between the nodes.</param>
/// <param name="Gate">Blocks and allows writes to the journal.</param>
/// <param name="StartAsync">Starts the node of a number.</param>
internal sealed record FaultTargets(
    LocalCluster Cluster, CuttableLinks Links, IJournalGate Gate, Func<int, CancellationToken, Task> StartAsync);
