using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest;

/// <summary>Carries bytes between a client's stream and its connection until one side ends it.</summary>
internal delegate Task ConnectionHandler(IngestConnection connection, Stream stream);

/// <summary>
/// The connections of a door: lets them in up to a number, counts them, looks after their clocks, and closes the older of two
/// that speak for the same source. Safe for any number of threads.
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
    private readonly Lock counting = new(); // within it no lock of a connection is taken
    private IngestTotals ended = new(0, 0, 0, 0, 0, 0, 0, 0);
    private long accepted;
    private long turnedAway;

    public ConnectionTable(IngestPipeline reception, IngestOptions options, TimeProvider time, ConnectionHandler handler)
    {
        (this.options, this.time, this.handler) = (options, time, handler);
        context = new ListenerContext(reception, options, time, new ConnectionEvents(Admit, Greet));
        pending = new PendingPool(options.MaxPending, options.MaxPendingPerAddress);
        callers = options.Callers ?? new CallerConnections();
        var often =
            new[] { options.Heartbeat, options.IdleTimeout, options.PartialTimeout, options.ReaderTimeout, options.HelloTimeout }.Min() / 4;
        timer = time.CreateTimer(_ => Tick(), null, often, often);
    }

    /// <summary>Those open now, by number.</summary>
    public IReadOnlyList<ConnectionStatus> Open =>
        [.. connections.Values.Select(one => one.Connection.Status).OrderBy(status => status.Number)];

    /// <summary>Sums over all, open and ended.</summary>
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

    /// <summary>Serves a client from now on, or turns it away. For one caller at a time.</summary>
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
            connection = new IngestConnection(accepted + 1, client, context);
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

        pending.Enter(connection);
        begin.SetResult();
    }

    /// <summary>Has every connection answer for what it took and close. When cancelled, closes at once what is still open.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        var open = connections.Values.ToList();
        foreach (var (connection, _) in open) connection.Stop(new IngestError(IngestError.ShuttingDown, "the server is being stopped"));
        using var impatience = cancellation.Register(() => AbortAll());
        await Task.WhenAll(open.Select(one => one.Run)).ConfigureAwait(false);
    }

    /// <summary>Closes everything at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(AbortAll()).ConfigureAwait(false);
    }

    private static void TurnAway(Socket client)
    {
        var line = new ArrayBufferWriter<byte>();
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
            if (connection.Speaker is { } speaker && speakers.GetValueOrDefault(speaker) == connection) speakers.Remove(speaker);
        }

        pending.Leave(connection);
        options.OnClosed?.Invoke(status);
    }

    /// <summary>
    /// Gives a connection one of the slots of those that have said hello or sent a record, where there is one and its
    /// caller has not as many as it may. One that takes the place of an earlier one of the same source and epoch needs
    /// none of its own.
    /// </summary>
    private IngestError? Admit(IngestConnection connection, Source? source, long epoch)
    {
        var grant = connection.Grant;
        lock (counting)
        {
            var replaces = source is not null && speakers.TryGetValue((source, epoch), out var speaker)
                && known.GetValueOrDefault(speaker)?.Key == grant?.Key;
            if (known.Count >= options.MaxConnections + (replaces ? 1 : 0))
                return new IngestError(IngestError.TooManyConnections, "the server has as many connections as it may");
            if (!callers.TryEnter(grant, replaces))
                return new IngestError(IngestError.TooManyConnections, $"{grant!.Name} has as many connections as it may");
            known.Add(connection, grant);
        }

        pending.Leave(connection);
        return null;
    }

    /// <summary>
    /// Two at a time must not send for a source: the seqs of one make those of the other look like duplicates. The one that came
    /// last goes on: the other is, most often, the same sender's connection of before, whose end has not been noticed. Its hello
    /// may even be read after that of the last.
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

    private void Tick()
    {
        foreach (var (connection, _) in connections.Values) connection.Tick();
    }
}
