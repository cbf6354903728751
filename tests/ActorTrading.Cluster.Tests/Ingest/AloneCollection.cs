namespace ActorTrading.Cluster.Tests.Ingest;

/// <summary>Tests that measure the memory of the process: none runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
