using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Remoting;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>
/// Keeps a subscriber connected to one node of the cluster at a time. If that node closes the connection, is silent or refuses, the
/// next one is tried, and the topics are subscribed there. Thread-safe.
/// </summary>
internal sealed class SubscriberLink : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(2);

    private readonly SubscriberOptions options;
    private readonly NodeIdentity? identity;
    private readonly ILogger? log;
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<long, FollowedTopic> topics = [];
    private readonly ConcurrentDictionary<long, TaskCompletionSource<SignalsPage?>> queries = [];
    private readonly Task running;
    private IReadOnlyList<string> gateways = [];
    private SubscriberConnection? connection;
    private long lastId;

    public SubscriberLink(SubscriberOptions options, NodeIdentity? identity)
    {
        (this.options, this.identity) = (options, identity);
        log = options.Loggers?.CreateLogger(typeof(ClusterSubscriber));
        running = Task.Run(RunAsync);
    }

    /// <summary>Completes when a node accepts the subscriber. Fails if no node has a valid node certificate.</summary>
    public Task Connected => connected.Task;

    /// <summary>Local endpoint of the current connection, as HOST:PORT; empty before the first one.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Why the last connection failed or ended.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Cancelled when the link is closed.</summary>
    public CancellationToken Over => over.Token;

    /// <summary>Subscribes to a topic on this connection and all later ones.</summary>
    public async Task<FollowedTopic> FollowAsync(string topic, CancellationToken cancellation)
    {
        var followed = new FollowedTopic(this, Interlocked.Increment(ref lastId), topic, options.Buffer);
        topics[followed.Id] = followed;
        if (Volatile.Read(ref connection) is { } now)
            await now.SendAsync(new FollowTopic(followed.Id, topic), cancellation).ConfigureAwait(false);
        return followed;
    }

    /// <summary>Unsubscribes from a topic.</summary>
    public async ValueTask LeaveAsync(FollowedTopic topic)
    {
        topics.TryRemove(topic.Id, out _);
        if (Volatile.Read(ref connection) is { } now) await now.SendAsync(new LeaveTopic(topic.Id), over.Token).ConfigureAwait(false);
    }

    /// <summary>The signals after a position of the log; null if no node answers now: repeat the query.</summary>
    public async Task<SignalsPage?> PageAsync(long position, CancellationToken cancellation)
    {
        if (Volatile.Read(ref connection) is not { } now) return null;
        var id = Interlocked.Increment(ref lastId);
        var answer = queries[id] = new TaskCompletionSource<SignalsPage?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await now.SendAsync(new AskSignals(id, position), cancellation).ConfigureAwait(false);
            return await answer.Task.WaitAsync(OneAnswer, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            queries.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (!over.IsCancellationRequested)
        {
            var nodes = options.Seeds.Union(gateways).ToList();
            var strange = 0;
            foreach (var node in nodes.Skip(Random.Shared.Next(nodes.Count)).Concat(nodes).Take(nodes.Count))
            {
                if (over.IsCancellationRequested) return;
                try
                {
                    await ServeAsync(node).ConfigureAwait(false);
                }
                catch (AuthenticationException e)
                {
                    Failed(node, e.Message);
                    if (++strange == nodes.Count) connected.TrySetException(NodeIdentity.Refused(e));
                }
                catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or InvalidDataException)
                {
                    Failed(node, e is OperationCanceledException ? "it does not answer in time" : e.Message);
                }
            }

            await Task.Delay(RetryDelay, over.Token).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private void Failed(string node, string fault)
    {
        if (over.IsCancellationRequested) return;
        if (Fault != fault) log?.LogWarning("No connection to {Node}: {Fault}", node, fault);
        Fault = fault;
    }

    /// <summary>Connects to a node and serves the connection until it ends.</summary>
    private async Task ServeAsync(string node)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
        limit.CancelAfter(Connecting);
        await using var now = await ConnectAsync(node, limit.Token).ConfigureAwait(false);
        await now.SendAsync(new SubscriberHello(options.Name), limit.Token).ConfigureAwait(false);
        now.Begin();
        if (await now.ReadAsync(limit.Token).ConfigureAwait(false) is not SubscriberAnswer answer)
            throw new InvalidDataException("its answer is not that of a node");
        if (answer.Gateways.Count > 0) gateways = answer.Gateways;
        if (answer.Error.Length > 0) throw new InvalidDataException(answer.Error);
        Address = now.Address;
        Volatile.Write(ref connection, now);
        try
        {
            foreach (var topic in topics.Values)
                await now.SendAsync(new FollowTopic(topic.Id, topic.Topic), over.Token).ConfigureAwait(false);
            connected.TrySetResult();
            await now.ServeAsync(Take, over.Token).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref connection, null);
            foreach (var question in queries.Values) question.TrySetResult(null);
        }
    }

    private void Take(object message)
    {
        switch (message)
        {
            case TopicFollowed followed when topics.TryGetValue(followed.Id, out var topic):
                topic.Begin();
                break;
            case TopicMessage told when topics.TryGetValue(told.Id, out var topic):
                topic.Take(Decode(told.Manifest, told.Bytes));
                break;
            case SignalsAnswer answer when queries.TryGetValue(answer.Id, out var question):
                question.TrySetResult((SignalsPage)Decode("m:page1", answer.Page));
                break;
        }
    }

    private static object Decode(string manifest, byte[] bytes) =>
        MessageCodec.TryDecode(manifest, bytes, out var message, out var error)
            ? message
            : throw new InvalidDataException($"a message '{manifest}': {error}");

    private async Task<SubscriberConnection> ConnectAsync(string node, CancellationToken cancellation)
    {
        var colon = node.LastIndexOf(':');
        var host = node[..colon].Trim('[', ']');
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(
                host, ushort.Parse(node[(colon + 1)..], CultureInfo.InvariantCulture), cancellation).ConfigureAwait(false);
            var address = ((IPEndPoint)socket.LocalEndPoint!).ToString();
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (identity is not null) stream = await EncryptAsync(stream, identity, host, cancellation).ConfigureAwait(false);
            return new SubscriberConnection(stream, address);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> EncryptAsync(Stream stream, NodeIdentity identity, string host, CancellationToken cancellation)
    {
        var fault = default(string);
        var encrypted = new SslStream(stream);
        try
        {
            await encrypted.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ClientCertificates = [identity.Certificate],
                    LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Certificate,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                        identity.Identify((X509Certificate2?)certificate, chain, errors, isCalled: true, out fault) is not null,
                },
                cancellation).ConfigureAwait(false);
            return encrypted;
        }
        catch (AuthenticationException e)
        {
            await encrypted.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException(fault ?? e.Message, e);
        }
        catch
        {
            await encrypted.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
