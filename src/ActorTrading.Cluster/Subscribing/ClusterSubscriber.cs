using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Signals;
using ActorTrading.Engine;
using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>
/// Somebody who is in the cluster to look on: a member with the role <see cref="NodeRole.Subscriber"/>, which hosts nothing and needs no journal. Safe for any number of threads.
/// </summary>
public sealed class ClusterSubscriber : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OneAsk = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    private readonly SubscriberOptions options;
    private readonly CancellationTokenSource over = new();
    private ActorSystem system = null!;
    private int asked;

    internal ClusterSubscriber(SubscriberOptions options)
    {
        options.Validate();
        this.options = options;
        Identity = options.Tls is { } tls ? NodeIdentity.Open(tls) : null;
    }

    /// <summary>Its address in the cluster, as HOST:PORT.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The certificates that it and nodes show each other; null: nothing is encrypted.</summary>
    internal NodeIdentity? Identity { get; }

    /// <summary>
    /// Signals in the order of the log, each once and none left out, whatever nodes die meanwhile: from a position on, then live. What pub-sub loses, and what was logged
    /// while nobody listened, is read from a gateway.
    /// </summary>
    /// <param name="afterPosition">The last position that the caller has; 0 for all; null: from now on.</param>
    /// <exception cref="EngineStoppedException">This process is no longer in the cluster.</exception>
    public async IAsyncEnumerable<LoggedSignal> SignalsAsync(long? afterPosition = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var live = new TopicListener(system, Topics.Signals, options.Buffer);
        await live.Subscribed.WaitAsync(cancellation).ConfigureAwait(false);
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
    /// The messages of a topic from now on: see <see cref="Topics"/>. What was not read in time, and what was published while a node was not reached, is lost.
    /// </summary>
    /// <exception cref="EngineStoppedException">This process is no longer in the cluster.</exception>
    public async IAsyncEnumerable<object> MessagesAsync(string topic, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var live = new TopicListener(system, topic, options.Buffer);
        while (true)
        {
            if (await NextAsync(live, cancellation).ConfigureAwait(false) is { } message) yield return message;
        }
    }

    /// <summary>Leaves the cluster.</summary>
    public async ValueTask DisposeAsync()
    {
        if (system is not null) await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until it is in the cluster.</summary>
    /// <exception cref="TimeoutException">No cluster has let it in for <see cref="SubscriberOptions.StartPatience"/>.</exception>
    internal async Task JoinAsync(ActorSystem actorSystem, CancellationToken cancellation)
    {
        var isUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cluster = AkkaCluster.Get(system = actorSystem);
        _ = system.WhenTerminated.ContinueWith(_ => over.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Address = $"{cluster.SelfAddress.Host}:{cluster.SelfAddress.Port}";
        cluster.RegisterOnMemberUp(() => isUp.TrySetResult());
        try
        {
            await await Task.WhenAny(isUp.Task, system.WhenTerminated).WaitAsync(options.StartPatience, cancellation).ConfigureAwait(false);
            if (!isUp.Task.IsCompleted) throw new EngineStoppedException("The node has ended before it was in a cluster.");
        }
        catch (Exception e) when (NodeIdentity.IsRefused(system))
        {
            throw NodeIdentity.Refused(e);
        }
        catch (TimeoutException)
        {
            throw await Seeds.NotLetInAsync(options.Name, Address, options.StartPatience, options.Seeds).ConfigureAwait(false);
        }
    }

    /// <summary>What comes next within a second; null for nothing.</summary>
    private async Task<object?> NextAsync(TopicListener live, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        limit.CancelAfter(Look);
        try
        {
            return await live.Messages.ReadAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            if (IsOver) throw Gone();
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Asks one gateway after another until there is an answer.</summary>
    private async Task<SignalsPage> PageAsync(long position, CancellationToken cancellation)
    {
        while (true)
        {
            if (IsOver) throw Gone();
            var state = AkkaCluster.Get(system).State;
            var gateways = state.Members.Where(member => member.Status == MemberStatus.Up && member.HasRole(NodeRole.Gateway) && !state.Unreachable.Contains(member)).ToList();
            if (gateways.Count > 0)
            {
                var gateway = system.ActorSelection(gateways[(asked++ & int.MaxValue) % gateways.Count].Address + NodeChain.GatewayPath);
                try
                {
                    if (await gateway.Ask(new SignalsAfter(position), OneAsk, cancellation).ConfigureAwait(false) is SignalsPage page) return page;
                }
                catch (AskTimeoutException)
                {
                    continue;
                }
            }

            await Task.Delay(Again, cancellation).ConfigureAwait(false);
        }
    }

    private bool IsOver => over.IsCancellationRequested || system.WhenTerminated.IsCompleted;

    private static EngineStoppedException Gone() => new("This subscriber is no longer in the cluster.");
}
