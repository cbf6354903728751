using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Sessions;

namespace ActorTrading.Engine.Ingest.Connections;

/// <summary>
/// The connections of a listener. Limits their number, counts them, runs their timers, and closes the older of two connections of the same
/// source. Thread-safe.
/// </summary>
internal sealed class ConnectionTable : IAsyncDisposable
{
    private readonly IngestOptions options;
    private readonly TimeProvider time;
    private readonly ConnectionHandler handler;
    private readonly ListenerContext context;
    private readonly ConcurrentDictionary<long, (IngestConnection Connection, Task Run)> connections = [];
    private readonly Dictionary<(Source Source, long Epoch), IngestConnection> speakers = []; // guarded by counting
    private readonly Dictionary<IngestConnection, Grant?> known = []; // guarded by counting
    private readonly PendingPool pending;
    private readonly CallerConnections callers;
    private readonly ITimer timer;
    private readonly Lock counting = new(); // never take the lock of a connection while holding this one
    private IngestTotals ended = new(0, 0, 0, 0, 0, 0, 0, 0);
    private long accepted;
    private long turnedAway;

    public ConnectionTable(IngestPipeline pipeline, IngestOptions options, TimeProvider time, ConnectionHandler handler)
    {
        (this.options, this.time, this.handler) = (options, time, handler);
        context = new ListenerContext(pipeline, options, time) { Admit = Admit, OnHello = Greet };
        pending = new PendingPool(options.MaxPending, options.MaxPendingPerAddress);
        callers = options.Callers ?? new CallerConnections();
        var often =
            new[] { options.Heartbeat, options.IdleTimeout, options.PartialTimeout, options.ReaderTimeout, options.HelloTimeout }.Min() / 4;
        timer = time.CreateTimer(_ => Tick(), null, often, often);
    }

    /// <summary>Open connections, by number.</summary>
    public IReadOnlyList<ConnectionStatus> Open =>
        [.. connections.Values.Select(one => one.Connection.Status).OrderBy(status => status.Number)];

    /// <summary>Totals over all connections, open and closed.</summary>
    public IngestTotals Totals
    {
        get
        {
            List<IngestConnection> open;
            IngestTotals sum;
            lock (counting)
            {
                open = [.. connections.Values.Select(one => one.Connection)];
                sum = ended with
                {
                    Open = open.Count, Connections = accepted, TurnedAway = turnedAway, Pending = open.Count - known.Count,
                    Evicted = pending.Evicted,
                };
            }

            return open.Select(one => one.Status).Aggregate(sum, Add);
        }
    }

    /// <summary>Starts to serve a client, or turns it away. Not thread-safe: one caller at a time.</summary>
    public void Take(Socket client)
    {
        if (connections.Count >= options.MaxConnections + options.MaxPending)
        {
            Interlocked.Increment(ref turnedAway);
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
            connection = new IngestConnection(accepted + 1, new ClientSocket(client, options, time), context);
        }
        catch (SocketException)
        {
            client.Dispose();
            return;
        }

        // Add the connection before it runs: otherwise it could end before it was added.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (counting)
        {
            accepted++;
            connections[connection.Number] = (connection, RunAsync(connection, begin.Task));
        }

        pending.Enter(connection);
        begin.SetResult();
    }

    /// <summary>
    /// Stops every connection after it has answered for its accepted input. When cancelled, closes at once the connections that are still
    /// open.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        var open = connections.Values.ToList();
        foreach (var (connection, _) in open) connection.Stop(new IngestError(IngestError.ShuttingDown, "the server is stopping"));
        using var impatience = cancellation.Register(() => AbortAll());
        await Task.WhenAll(open.Select(one => one.Run)).ConfigureAwait(false);
    }

    /// <summary>Closes all connections at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(AbortAll()).ConfigureAwait(false);
    }

    private static void TurnAway(Socket client)
    {
        var line = new ArrayBufferWriter<byte>();
        IngestReply.Error(line, new IngestError(IngestError.TooManyConnections, "the server has reached its connection limit"));
        try
        {
            client.Blocking = false; // the send buffer of a new connection has room for a line; if not, close without the line
            client.Send(line.WrittenSpan);
            client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The client has already closed the connection.
        }

        client.Dispose();
    }

    private static IngestTotals Add(IngestTotals sum, ConnectionStatus one) => sum with
    {
        BytesIn = sum.BytesIn + one.BytesIn,
        BytesOut = sum.BytesOut + one.BytesOut,
        Records = sum.Records + one.Records,
        Rejected = sum.Rejected + one.Rejected,
        Acks = sum.Acks + one.Acks,
    };

    private List<Task> AbortAll()
    {
        var open = connections.Values.ToList();
        foreach (var (connection, _) in open) connection.Abort();
        return [.. open.Select(one => one.Run)];
    }

    private async Task RunAsync(IngestConnection connection, Task begin)
    {
        await begin.ConfigureAwait(false);
        await connection.RunAsync(handler).ConfigureAwait(false);
        var status = connection.Status;
        lock (counting)
        {
            connections.TryRemove(connection.Number, out _);
            if (known.Remove(connection, out var grant)) callers.Leave(grant);
            ended = Add(ended, status);
            if (connection.Client is { Source: { } source } client
                && speakers.GetValueOrDefault((source, client.Hello.Epoch)) == connection)
                speakers.Remove((source, client.Hello.Epoch));
        }

        pending.Leave(connection);
        options.OnClosed?.Invoke(status);
    }

    /// <summary>
    /// Gives a connection one of the slots for clients that have sent a hello or a record, if there is a free one and the caller is below
    /// its quota. A connection that replaces an earlier one of the same source and epoch needs no slot of its own.
    /// </summary>
    private IngestError? Admit(IngestConnection connection, Source? source, long epoch)
    {
        var grant = connection.Client.Grant;
        lock (counting)
        {
            var replaces = source is not null && speakers.TryGetValue((source, epoch), out var speaker)
                && known.GetValueOrDefault(speaker)?.Key == grant?.Key;
            if (known.Count >= options.MaxConnections + (replaces ? 1 : 0))
                return new IngestError(IngestError.TooManyConnections, "the server has reached its connection limit");
            if (!callers.TryEnter(grant, replaces))
                return new IngestError(IngestError.TooManyConnections, $"{grant!.Name} has reached its connection limit");
            known.Add(connection, grant);
        }

        pending.Leave(connection);
        return null;
    }

    /// <summary>
    /// Ensures that only one connection sends for a source and epoch: with two, the seqs of one make those of the other look like
    /// duplicates. The newest connection continues. The older one is usually an earlier connection of the same sender whose end was not
    /// noticed. Its hello may even be read after the hello of the newest one.
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

        superseded?.Stop(new IngestError(IngestError.Superseded, $"{source} has sent a hello on another connection"));
    }

    private void Tick()
    {
        foreach (var (connection, _) in connections.Values) connection.Tick();
    }
}
