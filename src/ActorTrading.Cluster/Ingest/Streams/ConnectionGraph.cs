using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// Connection handler of the cluster engine. The batches of each connection flow in a stream graph of their own, in one actor, so a failure
/// ends only that connection.
/// </summary>
internal sealed class ConnectionGraph(ActorSystem system, IMaterializer materializer, IngestOptions options)
{
    // No batch has a lower weight, so this limit is never reached before the record limit of the connection.
    private readonly int mostInFlight = 1 + (options.MaxRecordsInFlight / IngestBatch.LeastWeight);

    /// <summary>Moves the batches of a connection until all are settled.</summary>
    /// <exception cref="EngineStoppedException">The actor system has ended.</exception>
    public async Task RunAsync(IngestConnection connection)
    {
        var settled = Source.UnfoldAsync(connection, ReadAsync)
            .Buffer(mostInFlight, OverflowStrategy.Backpressure)
            .SelectAsync(1, batch => SettleAsync(connection, batch)) // in sequence
            .RunWith(Sink.Ignore<NotUsed>(), materializer);

        // An actor that its actor system stops before it has started completes nothing.
        if (await Task.WhenAny(settled, system.WhenTerminated).ConfigureAwait(false) != settled || !settled.IsCompletedSuccessfully)
            throw new EngineStoppedException("The actor system of this node has ended.");
    }

    private static async Task<Option<(IngestConnection, IngestBatch)>> ReadAsync(IngestConnection connection)
    {
        var batch = await connection.NextAsync().ConfigureAwait(false);
        return batch is null ? Option<(IngestConnection, IngestBatch)>.None : (connection, batch);
    }

    private static async Task<NotUsed> SettleAsync(IngestConnection connection, IngestBatch batch)
    {
        await connection.Answers.SettleAsync(batch).ConfigureAwait(false);
        return NotUsed.Instance;
    }
}
