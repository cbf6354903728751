using System.Net;
using System.Net.Sockets;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Connections;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// TCP listener of the cluster engine, as Akka.Streams graphs: one accepts clients, and one moves the batches of each connection. Step 1 of
/// the way of a tick, as <see cref="IngestListener"/> in the embedded engine: the other steps are the same. Next:
/// <see cref="IngestConnection"/>.
/// </summary>
internal sealed class IngestGraph : IIngestListener
{
    private const int MostAllocated = 128; // elements; longer buffers grow on demand
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3); // shorter than the timeout of a shutdown phase

    private readonly Socket listening;
    private readonly ConnectionTable connections;
    private readonly UniqueKillSwitch accepting;
    private readonly Task accepted;
    private readonly ActorSystem system;
    private readonly ActorMaterializer materializer;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="ArgumentException">The address is not a local one and the options do not allow that.</exception>
    /// <exception cref="SocketException">The address is in use, or is not an address of this machine.</exception>
    public IngestGraph(ActorSystem system, IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null)
    {
        this.system = system;
        materializer = ActorMaterializer.Create(
            system, ActorMaterializerSettings.Create(system).WithMaxFixedBufferSize(MostAllocated), "ingest");
        listening = ListeningSocket.Open(options);
        Address = (IPEndPoint)listening.LocalEndPoint!;
        connections = new ConnectionTable(
            pipeline, options, time ?? TimeProvider.System, new ConnectionGraph(system, materializer, options).RunAsync);
        (accepting, accepted) = Source.FromGraph(new AcceptStage(listening))
            .ViaMaterialized(KillSwitches.Single<Socket>(), Keep.Right)
            .ToMaterialized(Sink.ForEach<Socket>(connections.Take), Keep.Both)
            .Run(materializer);
        CloseWith(CoordinatedShutdown.Get(system));
    }

    /// <inheritdoc/>
    public IPEndPoint Address { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ConnectionStatus> Connections => connections.Open;

    /// <inheritdoc/>
    public IngestTotals Totals => connections.Totals;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        await StopAcceptingAsync().ConfigureAwait(false);
        await connections.StopAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync().ConfigureAwait(false);
        await connections.DisposeAsync().ConfigureAwait(false);
        materializer.Shutdown();
    }

    /// <summary>
    /// A node that leaves without a drain also closes its listener first and answers the accepted records. A downed node cannot
    /// answer them.
    /// </summary>
    private void CloseWith(CoordinatedShutdown shutdown)
    {
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "ingest", async () =>
        {
            await StopAcceptingAsync().ConfigureAwait(false);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "ingest", async () =>
        {
            using var patience = new CancellationTokenSource(
                shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason ? TimeSpan.Zero : Patience);
            await connections.StopAsync(patience.Token).ConfigureAwait(false);
            return Done.Instance;
        });
    }

    private async Task StopAcceptingAsync()
    {
        accepting.Shutdown();
        await Task.WhenAny(accepted, system.WhenTerminated).ConfigureAwait(false);
        listening.Dispose(); // now, so that the address is free when this returns
    }
}
