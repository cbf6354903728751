using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ActorTrading.Engine.Ingest.Connections;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// TCP listener of the embedded engine. Step 1 of the way of a tick: listener, connection, session, admission, engine. A connection cannot
/// disturb other connections or the listener; the options bound the resources of each connection. Next: <see cref="IngestConnection"/>.
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
        connections = new ConnectionTable(pipeline, options, this.time, HandleAsync);
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

    /// <summary>Two loops: one reads and hands over, one settles.</summary>
    private static async Task HandleAsync(IngestConnection connection)
    {
        var handedOver = Channel.CreateUnbounded<IngestBatch>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var settling = SettleAsync();
        while (await connection.NextAsync().ConfigureAwait(false) is { } batch) handedOver.Writer.TryWrite(batch);
        handedOver.Writer.Complete();
        await settling.ConfigureAwait(false);

        async Task SettleAsync()
        {
            await foreach (var batch in handedOver.Reader.ReadAllAsync().ConfigureAwait(false))
                await connection.Answers.SettleAsync(batch).ConfigureAwait(false);
        }
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
