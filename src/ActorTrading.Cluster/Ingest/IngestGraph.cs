using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;

namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// Connection handler of the cluster engine. The batches of each connection flow in a stream graph of their own, in one actor, so a failure
/// ends only that connection.
/// </summary>
internal sealed class IngestGraph(ActorSystem system, IMaterializer materializer, IngestOptions options)
{
    private const int MostAllocated = 128; // elements; longer buffers grow on demand
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3); // shorter than the timeout of a shutdown phase

    // No batch has a lower weight, so this limit is never reached before the record limit of the connection.
    private readonly int mostInFlight = 1 + (options.MaxRecordsInFlight / IngestBatch.LeastWeight);

    /// <summary>Opens a listener whose connections are graphs of an actor system. It closes before the node leaves the cluster.</summary>
    /// <exception cref="ArgumentException">The address is not a local one and the options do not allow that.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is in use, or is not an address of this machine.</exception>
    public static IngestListener Listen(ActorSystem system, IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null)
    {
        var materializer = ActorMaterializer.Create(
            system, ActorMaterializerSettings.Create(system).WithMaxFixedBufferSize(MostAllocated), "ingest");
        var listener = new IngestListener(pipeline, options, time, new IngestGraph(system, materializer, options).RunAsync, materializer);
        CloseWith(CoordinatedShutdown.Get(system), listener);
        return listener;
    }

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

    /// <summary>
    /// A node that leaves without a drain also closes its listener first and answers the accepted records. A downed node cannot
    /// answer them.
    /// </summary>
    private static void CloseWith(CoordinatedShutdown shutdown, IngestListener listener)
    {
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "ingest", async () =>
        {
            await listener.StopAcceptingAsync().ConfigureAwait(false);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "ingest", async () =>
        {
            using var timeout = new CancellationTokenSource(
                shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason ? TimeSpan.Zero : StopTimeout);
            await listener.StopAsync(timeout.Token).ConfigureAwait(false);
            return Done.Instance;
        });
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
