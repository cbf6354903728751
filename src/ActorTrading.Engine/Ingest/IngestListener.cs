using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Takes records from TCP clients and hands them to a reception. No connection can harm another one or the listener; what a
/// connection may use is bounded by the options.
/// </summary>
public sealed class IngestListener : IIngestListener
{
    private readonly TimeProvider time;
    private readonly Socket socket;
    private readonly ConnectionTable connections;
    private readonly CancellationTokenSource closing = new();
    private readonly Task accepting;

    /// <summary>Listens from now on.</summary>
    /// <exception cref="ArgumentException">The address is not this machine's own and the options do not allow that.</exception>
    /// <exception cref="SocketException">The address is taken, or none of this machine.</exception>
    public IngestListener(IngestPipeline reception, IngestOptions options, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        socket = ListeningSocket.Open(options);
        Address = (IPEndPoint)socket.LocalEndPoint!;
        connections = new ConnectionTable(reception, options, this.time, ConnectionLoops.RunAsync);
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
                // A client that went before it was taken, or no file handles left. The latter passes when others go.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, closing.Token).ContinueWith(
                    static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default).ConfigureAwait(false);
            }
        }
    }
}
