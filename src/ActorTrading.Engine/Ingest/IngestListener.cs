using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ActorTrading.Engine.Ingest.Connections;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// TCP listener for records; the protocol is in docs/ingest.md. Step 1 of the way of a tick: listener, connection, session, admission,
/// engine. A connection cannot disturb other connections or the listener; the options bound the resources of each connection. Disposing
/// closes all connections at once. Next: <see cref="IngestConnection"/>.
/// </summary>
public sealed class IngestListener : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly Socket socket;
    private readonly ConnectionTable connections;
    private readonly CancellationTokenSource closing = new();
    private readonly Task accepting;
    private readonly IDisposable? resources;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="ArgumentException">The address is not a local one, and the options do not allow remote access.</exception>
    /// <exception cref="SocketException">The address is in use, or does not belong to this machine.</exception>
    public IngestListener(IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null)
        : this(pipeline, options, time, HandleAsync)
    {
    }

    /// <inheritdoc cref="IngestListener(IngestPipeline, IngestOptions, TimeProvider?)"/>
    /// <param name="handler">Moves the batches of each connection to the engine, and settles them.</param>
    /// <param name="resources">What the handler uses, disposed of with the listener.</param>
    internal IngestListener(
        IngestPipeline pipeline, IngestOptions options, TimeProvider? time, ConnectionHandler handler, IDisposable? resources = null)
    {
        this.resources = resources;
        this.time = time ?? TimeProvider.System;
        socket = ListeningSocket.Open(options);
        Address = (IPEndPoint)socket.LocalEndPoint!;
        connections = new ConnectionTable(pipeline, options, this.time, handler);
        accepting = AcceptAsync();
    }

    /// <summary>The address on which it listens, with the actual port.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Open connections, by number.</summary>
    public IReadOnlyList<ConnectionStatus> Connections => connections.Open;

    /// <summary>Totals over all connections, open and closed.</summary>
    public IngestTotals Totals => connections.Totals;

    /// <summary>
    /// Stops the listener: accepts no more connections and no more bytes, answers for the accepted input, notifies the clients, and closes.
    /// When cancelled, closes at once the connections that are still open.
    /// </summary>
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
        resources?.Dispose();
    }

    /// <summary>Stops accepting connections, and releases the address.</summary>
    internal async Task StopAcceptingAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        socket.Dispose();
        await accepting.ConfigureAwait(false);
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
