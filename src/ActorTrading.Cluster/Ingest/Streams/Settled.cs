using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>A batch with its result, or with the reason why the result is unknown.</summary>
internal readonly record struct Settled(IngestBatch Batch, IngestResult? Result, Exception? Failure);
