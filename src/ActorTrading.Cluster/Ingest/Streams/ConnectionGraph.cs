using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// The exchange of the cluster engine: each connection is a graph of its own, in one actor, so that what goes wrong in it ends it alone.
/// </summary>
internal sealed class ConnectionGraph(ActorSystem system, IMaterializer materializer, IngestOptions options)
{
    // No lighter batch can be in flight, so that this bounds nothing that the connection's room does not.
    private readonly int mostInFlight = 1 + (options.MaxRecordsInFlight / IngestBatch.LeastWeight);

    /// <summary>Carries bytes until one side ends it.</summary>
    /// <exception cref="EngineStoppedException">The actor system has ended.</exception>
    public async Task RunAsync(IngestConnection connection, Stream stream)
    {
        var (reading, writing) = Source.FromGraph(new ReadStage(connection, stream))
            .Via(new DecodeStage(connection))
            .SelectAsync(1, batch => HandOverAsync(connection, batch)) // one after the other
            .SelectAsync(mostInFlight, SettleAsync) // in the order of the input, whatever is done first
            .Via(new AnswerStage(connection))
            .ToMaterialized(Sink.FromGraph(new WriteStage(connection, stream)), Keep.Both)
            .Run(materializer);

        // An actor that its system kills before it has begun tells nobody.
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
