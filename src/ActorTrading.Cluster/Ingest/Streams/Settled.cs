using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>A batch and what became of it: a result, or why that is not known.</summary>
internal readonly record struct Settled(IngestBatch Batch, IngestResult? Result, Exception? Failure);
