using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// TCP listener that accepts records from clients and passes them to an ingest pipeline. A connection cannot disturb other connections or
/// the listener; the options bound the resources of each connection.
/// </summary>
public sealed class IngestListener : IIngestListener
{
    private readonly TimeProvider time;
    private readonly Socket socket;
    private readonly ConnectionTable connections;
    private readonly CancellationTokenSource closing = new();
    private readonly Task accepting;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="ArgumentException">The address is not a local one, and the options do not allow remote access.</exception>
    /// <exception cref="SocketException">The address is in use, or does not belong to this machine.</exception>
    public IngestListener(IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        socket = ListeningSocket.Open(options);
        Address = (IPEndPoint)socket.LocalEndPoint!;
        connections = new ConnectionTable(pipeline, options, this.time, ConnectionLoops.RunAsync);
        accepting = AcceptAsync();
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
    }

    private async Task StopAcceptingAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        socket.Dispose();
        await accepting.ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                connections.Take(await socket.AcceptAsync(closing.Token).ConfigureAwait(false));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client left before it was accepted, or there are no free file handles. File handles become free when connections
                // close.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, closing.Token).ContinueWith(
                    static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default).ConfigureAwait(false);
            }
        }
    }
}
