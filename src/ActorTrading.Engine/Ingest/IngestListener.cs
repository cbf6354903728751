using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Takes records from TCP clients and hands them to a reception. No connection can harm another one or the listener; what a
/// connection may use is bounded by the options. The protocol is in docs/ingest.md.
/// </summary>
public sealed class IngestListener : IAsyncDisposable
{
    private readonly Reception reception;
    private readonly IngestOptions options;
    private readonly TimeProvider time;
    private readonly Socket socket;
    private readonly SymbolTable symbols = new();
    private readonly SourceTable sources = new();
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<long, (IngestConnection Connection, Task Run)> connections = [];
    private readonly ITimer timer;
    private readonly Dictionary<(Source Source, long Epoch), IngestConnection> speakers = []; // guarded by counting
    private readonly Lock counting = new();
    private readonly Task accepting;
    private IngestTotals ended = new(0, 0, 0, 0, 0, 0, 0, 0);
    private long accepted;
    private long turnedAway;

    /// <summary>Listens from now on.</summary>
    /// <exception cref="ArgumentException">The address is not this machine's own and the options do not allow that.</exception>
    /// <exception cref="SocketException">The address is taken, or none of this machine.</exception>
    public IngestListener(Reception reception, IngestOptions options, TimeProvider? time = null)
    {
        if (!IPAddress.IsLoopback(options.Address.Address) && !options.AllowRemote)
            throw new ArgumentException($"{options.Address} can be reached from other machines, which must be allowed explicitly.", nameof(options));

        this.reception = reception;
        this.options = options;
        this.time = time ?? TimeProvider.System;
        socket = new Socket(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(options.Address);
            socket.Listen(4_096); // after a restart all clients come at once
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Address = (IPEndPoint)socket.LocalEndPoint!;
        var often = new[] { options.Heartbeat, options.IdleTimeout, options.PartialTimeout, options.ReaderTimeout }.Min() / 4;
        timer = this.time.CreateTimer(_ => Tick(), null, often, often);
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens, with the port that was chosen.</summary>
    public IPEndPoint Address { get; }

    /// <summary>The connections open now, by number.</summary>
    public IReadOnlyList<ConnectionStatus> Connections =>
        [.. connections.Values.Select(one => one.Connection.Status).OrderBy(status => status.Number)];

    /// <summary>Sums over all connections, open and ended.</summary>
    public IngestTotals Totals
    {
        get
        {
            lock (counting)
            {
                var open = connections.Values.Select(one => one.Connection.Status).ToList();
                var sum = open.Aggregate(ended, Add);
                return sum with { Open = open.Count, Connections = accepted, TurnedAway = turnedAway };
            }
        }
    }

    /// <summary>
    /// Takes no more connections and no more bytes, answers for what was taken, tells clients so, and closes. When cancelled, closes
    /// at once what is still open.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        await StopAcceptingAsync().ConfigureAwait(false);
        var open = connections.Values.ToList();
        foreach (var (connection, _) in open) connection.Stop(new IngestError(IngestError.ShuttingDown, "the server is being stopped"));
        using var impatience = cancellation.Register(() => AbortAll());
        await Task.WhenAll(open.Select(one => one.Run)).ConfigureAwait(false);
    }

    /// <summary>Closes everything at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync().ConfigureAwait(false);
        await timer.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(AbortAll()).ConfigureAwait(false);
    }

    private List<Task> AbortAll()
    {
        var open = connections.Values.ToList();
        foreach (var (connection, _) in open) connection.Abort();
        return [.. open.Select(one => one.Run)];
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
                Take(await socket.AcceptAsync(closing.Token).ConfigureAwait(false));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that went before it was taken, or no file handles left. The latter passes when others go.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, closing.Token).ContinueWith(
                    static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            }
        }
    }

    private void Take(Socket client)
    {
        if (connections.Count >= options.MaxConnections)
        {
            turnedAway++;
            TurnAway(client);
            return;
        }

        IngestConnection connection;
        try
        {
            client.NoDelay = true;
            client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            connection = new IngestConnection(accepted + 1, client, reception, options, time, symbols, sources, Greet);
        }
        catch (SocketException)
        {
            client.Dispose();
            return;
        }

        // Present before it runs, so that it cannot end before it is.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (counting)
        {
            accepted++;
            connections[connection.Number] = (connection, RunAsync(connection, begin.Task));
        }

        begin.SetResult();
    }

    private async Task RunAsync(IngestConnection connection, Task begin)
    {
        await begin.ConfigureAwait(false);
        await connection.RunAsync().ConfigureAwait(false);
        var status = connection.Status;
        lock (counting)
        {
            connections.TryRemove(connection.Number, out _);
            ended = Add(ended, status);
            if (connection.Speaker is { } speaker && speakers.GetValueOrDefault(speaker) == connection) speakers.Remove(speaker);
        }

        options.OnClosed?.Invoke(status);
    }

    /// <summary>
    /// Two at a time must not send for a source: the seqs of one make those of the other look like duplicates. The one that came last goes on: the
    /// other is, most often, the same sender's connection of before, whose end has not been noticed. Its hello may even be read after that of the last.
    /// </summary>
    private void Greet(IngestConnection connection, Source source, long epoch)
    {
        IngestConnection? superseded;
        lock (counting)
        {
            superseded = speakers.GetValueOrDefault((source, epoch));
            if (superseded?.Number > connection.Number) superseded = connection;
            else speakers[(source, epoch)] = connection;
        }

        superseded?.Stop(new IngestError(IngestError.Superseded, $"{source} has said hello on another connection"));
    }

    private static void TurnAway(Socket client)
    {
        var line = new System.Buffers.ArrayBufferWriter<byte>();
        IngestReply.Error(line, new IngestError(IngestError.TooManyConnections, "the server has as many connections as it may"));
        try
        {
            client.Blocking = false; // a fresh connection has room for a line; if not, it is closed without
            client.Send(line.WrittenSpan);
            client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It knows by now.
        }

        client.Dispose();
    }

    private void Tick()
    {
        foreach (var (connection, _) in connections.Values) connection.Tick();
    }

    private static IngestTotals Add(IngestTotals sum, ConnectionStatus one) => sum with
    {
        BytesIn = sum.BytesIn + one.BytesIn,
        BytesOut = sum.BytesOut + one.BytesOut,
        Records = sum.Records + one.Records,
        Rejected = sum.Rejected + one.Rejected,
        Acks = sum.Acks + one.Acks,
    };
}
