using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Signals;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>
/// Subscriber of a cluster: a client of its nodes, not a member. It is connected to one node with the role
/// <see cref="NodeRole.Gateway"/>, and reconnects to another node if the connection ends. Thread-safe.
/// </summary>
public sealed class ClusterSubscriber : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly SubscriberOptions options;
    private readonly NodeIdentity? identity;
    private SubscriberLink? link;

    internal ClusterSubscriber(SubscriberOptions options)
    {
        options.Validate();
        this.options = options;
        identity = options.Tls is { } tls ? NodeIdentity.Open(tls) : null;
    }

    /// <summary>Local endpoint of the current connection, as HOST:PORT.</summary>
    public string Address => link?.Address ?? "";

    private SubscriberLink Link => link ?? throw new InvalidOperationException("It connects when its host starts.");

    /// <summary>
    /// Signals in the order of the log, each exactly once and without gaps, even if nodes crash: first from a position of the log,
    /// then live. Signals that pub-sub lost, or that were logged without a connection, are read from a gateway.
    /// </summary>
    /// <param name="afterPosition">The last position that the caller has; 0: all signals; null: only new signals.</param>
    /// <exception cref="EngineStoppedException">The subscriber was disposed.</exception>
    public async IAsyncEnumerable<LoggedSignal> SignalsAsync(
        long? afterPosition = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var live = await Link.FollowAsync(Topics.Signals, cancellation).ConfigureAwait(false);
        await live.Followed.WaitAsync(cancellation).ConfigureAwait(false);
        var last = afterPosition ?? (await PageAsync(long.MaxValue - ClusterOptions.MaxPage, cancellation).ConfigureAwait(false)).Last;
        while (true)
        {
            var page = await PageAsync(last, cancellation).ConfigureAwait(false);
            foreach (var signal in page.Read())
            {
                yield return signal;
                last = signal.Position;
            }

            if (page.Signals.Count > 0) continue;
            while (await NextAsync(live, cancellation).ConfigureAwait(false) is SignalsPublished published && published.First <= last + 1)
            {
                foreach (var signal in published.Read().Skip((int)Math.Min(last + 1 - published.First, published.Signals.Count)))
                {
                    yield return signal;
                    last = signal.Position;
                }
            }
        }
    }

    /// <summary>
    /// New messages of a topic; see <see cref="Topics"/>. Messages that are not read in time, or are published without a connection,
    /// are lost.
    /// </summary>
    /// <exception cref="EngineStoppedException">The subscriber was disposed.</exception>
    public async IAsyncEnumerable<object> MessagesAsync(string topic, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var live = await Link.FollowAsync(topic, cancellation).ConfigureAwait(false);
        while (true)
        {
            if (await NextAsync(live, cancellation).ConfigureAwait(false) is { } message) yield return message;
        }
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (link is not null) await link.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Connects, and waits until a node accepts the subscriber.</summary>
    /// <exception cref="TimeoutException">No node accepted it within <see cref="SubscriberOptions.StartPatience"/>.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">No seed has a valid node certificate.</exception>
    internal async Task ConnectAsync(CancellationToken cancellation)
    {
        link = new SubscriberLink(options, identity);
        try
        {
            await link.Connected.WaitAsync(options.StartPatience, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var fault = link.Fault;
            await link.DisposeAsync().ConfigureAwait(false);
            var refused = await Seeds.NotLetInAsync(options.Name, "this subscriber", options.StartPatience, options.Seeds)
                .ConfigureAwait(false);
            throw fault.Length == 0 ? refused : new TimeoutException($"{refused.Message} The last connection: {fault}");
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The next message; null if there is none within a second.</summary>
    private async Task<object?> NextAsync(FollowedTopic live, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Link.Over);
        limit.CancelAfter(PollInterval);
        try
        {
            return await live.Messages.ReadAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            if (Link.Over.IsCancellationRequested) throw Gone();
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Reads a page of the signal log; repeats the query until it is answered.</summary>
    private async Task<SignalsPage> PageAsync(long position, CancellationToken cancellation)
    {
        while (true)
        {
            if (Link.Over.IsCancellationRequested) throw Gone();
            if (await Link.PageAsync(position, cancellation).ConfigureAwait(false) is { } page) return page;
            await Task.Delay(RetryDelay, cancellation).ConfigureAwait(false);
        }
    }

    private static EngineStoppedException Gone() => new("This subscriber is disposed.");
}
