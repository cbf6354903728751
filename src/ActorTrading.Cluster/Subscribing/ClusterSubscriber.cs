using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Signals;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>
/// A subscriber of a cluster: a client of its nodes, and no member. It is connected to one node with the role
/// <see cref="NodeRole.Gateway"/> at a time, and to another one when that goes. Safe for any number of threads.
/// </summary>
public sealed class ClusterSubscriber : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    private readonly SubscriberOptions options;
    private readonly NodeIdentity? identity;
    private SubscriberLink? link;

    internal ClusterSubscriber(SubscriberOptions options)
    {
        options.Validate();
        this.options = options;
        identity = options.Tls is { } tls ? NodeIdentity.Open(tls) : null;
    }

    /// <summary>This side of its present connection, as HOST:PORT.</summary>
    public string Address => link?.Address ?? "";

    private SubscriberLink Link => link ?? throw new InvalidOperationException("It is connected when its host has started.");

    /// <summary>
    /// Signals in the order of the log, each once and none left out, whatever nodes die meanwhile: from a position on, then live.
    /// What pub-sub loses, and what was logged while nobody listened, is read from a gateway.
    /// </summary>
    /// <param name="afterPosition">The last position that the caller has; 0 for all; null: from now on.</param>
    /// <exception cref="EngineStoppedException">The subscriber was disposed of.</exception>
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
    /// The messages of a topic from now on: see <see cref="Topics"/>. What was not read in time, and what was published while a
    /// node was not reached, is lost.
    /// </summary>
    /// <exception cref="EngineStoppedException">The subscriber was disposed of.</exception>
    public async IAsyncEnumerable<object> MessagesAsync(string topic, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var live = await Link.FollowAsync(topic, cancellation).ConfigureAwait(false);
        while (true)
        {
            if (await NextAsync(live, cancellation).ConfigureAwait(false) is { } message) yield return message;
        }
    }

    /// <summary>Ends its connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (link is not null) await link.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until a node serves it.</summary>
    /// <exception cref="TimeoutException">No node has for <see cref="SubscriberOptions.StartPatience"/>.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">No seed shows the certificate of a node.</exception>
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

    /// <summary>What comes next within a second; null for nothing.</summary>
    private async Task<object?> NextAsync(FollowedTopic live, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Link.Over);
        limit.CancelAfter(Look);
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

    /// <summary>Asks until there is an answer.</summary>
    private async Task<SignalsPage> PageAsync(long position, CancellationToken cancellation)
    {
        while (true)
        {
            if (Link.Over.IsCancellationRequested) throw Gone();
            if (await Link.PageAsync(position, cancellation).ConfigureAwait(false) is { } page) return page;
            await Task.Delay(Again, cancellation).ConfigureAwait(false);
        }
    }

    private static EngineStoppedException Gone() => new("This subscriber was disposed of.");
}
