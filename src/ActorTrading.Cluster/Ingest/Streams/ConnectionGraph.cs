using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// Runs the connections of the cluster engine. Each connection is a separate stream graph in one actor, so a failure ends only that
/// connection.
/// </summary>
internal sealed class ConnectionGraph(ActorSystem system, IMaterializer materializer, IngestOptions options)
{
    // No batch has a lower weight, so this limit is never reached before the record limit of the connection.
    private readonly int mostInFlight = 1 + (options.MaxRecordsInFlight / IngestBatch.LeastWeight);

    /// <summary>Runs a connection until one side ends it.</summary>
    /// <exception cref="EngineStoppedException">The actor system has ended.</exception>
    public async Task RunAsync(IngestConnection connection, Stream stream)
    {
        var (reading, writing) = Source.FromGraph(new ReadStage(connection, stream))
            .Via(new DecodeStage(connection))
            .SelectAsync(1, batch => HandOverAsync(connection, batch)) // in sequence
            .SelectAsync(mostInFlight, SettleAsync) // in input order, whichever completes first
            .Via(new AnswerStage(connection))
            .ToMaterialized(Sink.FromGraph(new WriteStage(connection, stream)), Keep.Both)
            .Run(materializer);

        // An actor that its actor system stops before it has started completes neither task.
        var over = Task.WhenAll(reading, writing);
        if (await Task.WhenAny(over, system.WhenTerminated).ConfigureAwait(false) == over) await over.ConfigureAwait(false);
        else throw new EngineStoppedException("The actor system of this node has ended.");
    }

    private static async Task<HandedOver> HandOverAsync(IngestConnection connection, IngestBatch batch)
    {
        try
        {
            return new HandedOver(batch, (await connection.HandOverAsync(batch).ConfigureAwait(false)).Durable);
        }
        catch (Exception e)
        {
            return new HandedOver(batch, Task.FromException<IngestResult>(e));
        }
    }

    private static async Task<Settled> SettleAsync(HandedOver one)
    {
        try
        {
            return new Settled(one.Batch, await one.Result.ConfigureAwait(false), null);
        }
        catch (Exception e)
        {
            return new Settled(one.Batch, null, e);
        }
    }

    private readonly record struct HandedOver(IngestBatch Batch, Task<IngestResult> Result);
}
