using ActorTrading.Cluster.Messages;
using ActorTrading.Engine;
using ActorTrading.Engine.Live;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// Relays live events between nodes: publishes the filter of this node's live readers, and sends the other nodes the events that they
/// want. One message is in flight to each node. Events that a node does not take in time are dropped, oldest first, and counted, as
/// for any live reader.
/// </summary>
internal sealed class LiveRelay : ReceiveActor, IWithTimers
{
    private const int MostAtOnce = 512;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly LiveHub live;
    private readonly int buffer;
    private readonly IActorRef topics = DistributedPubSub.Get(Context.System).Mediator;
    private readonly Dictionary<IActorRef, Watcher> watchers = [];
    private LiveFilter? told;

    public LiveRelay(LiveHub live, int buffer)
    {
        this.live = live;
        this.buffer = buffer;
        Receive<LookAround>(_ =>
        {
            foreach (var (node, watcher) in watchers.ToList())
            {
                if (watcher.Until < Environment.TickCount64) Leave(node);
            }

            Tell();
        });
        Receive<LiveWanted>(wanted =>
        {
            if (Sender.Equals(Self)) return;
            if (wanted.Filter is { } filter) Watch(Sender, filter);
            else Leave(Sender);
        });
        Receive<LiveHappened>(happened =>
        {
            foreach (var one in happened.Events) live.Publish(one, cameFromElsewhere: true);
            Sender.Tell(new LiveTaken(happened.Number));
        });
        Receive<LiveTaken>(taken =>
        {
            if (watchers.TryGetValue(Sender, out var watcher)) watcher.Taken(taken.Number);
        });
        Receive<SubscribeAck>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(LiveHub live, int buffer) => Props.Create(() => new LiveRelay(live, buffer));

    protected override void PreStart()
    {
        topics.Tell(new Subscribe(Topics.Live, Self));
        Timers.StartPeriodicTimer(nameof(LookAround), LookAround.Instance, TimeSpan.Zero, Look);
    }

    protected override void PostStop()
    {
        foreach (var node in watchers.Keys.ToList()) Leave(node);
    }

    private void Tell()
    {
        var wanted = live.Wanted;
        if (wanted is not null || told is not null) topics.Tell(new Publish(Topics.Live, new LiveWanted(wanted)), Self);
        told = wanted;
    }

    private void Watch(IActorRef node, LiveFilter filter)
    {
        if (watchers.TryGetValue(node, out var watcher) && !watcher.Wants(filter)) Leave(node);
        if (!watchers.TryGetValue(node, out watcher))
        {
            watchers.Add(node, watcher = new Watcher(live.Subscribe(filter, buffer, isRelay: true)));
            _ = watcher.PumpAsync(node, Self);
        }

        watcher.Until = Environment.TickCount64 + (long)Lease.TotalMilliseconds;
    }

    private void Leave(IActorRef node)
    {
        if (!watchers.Remove(node, out var watcher)) return;
        live.Unsubscribe(watcher.Reader);
        watcher.End();
    }

    /// <summary>A node that reads live events of this node, and the messages in flight to it.</summary>
    private sealed class Watcher(LiveReader reader)
    {
        private readonly CancellationTokenSource over = new();
        private volatile TaskCompletionSource? taken;
        private long lastNumber;

        public LiveReader Reader => reader;

        public long Until { get; set; }

        public bool Wants(LiveFilter filter) =>
            (filter.Bars, filter.Late, filter.Ticks) == (reader.Filter.Bars, reader.Filter.Late, reader.Filter.Ticks)
            && IsSame(filter.Symbols, reader.Filter.Symbols) && IsSame(filter.Frames, reader.Filter.Frames);

        public void Taken(long number)
        {
            if (number == Interlocked.Read(ref lastNumber)) taken?.TrySetResult();
        }

        public void End() => over.Cancel();

        public async Task PumpAsync(IActorRef node, IActorRef self)
        {
            try
            {
                await using var events = reader.ReadAsync(over.Token).GetAsyncEnumerator(over.Token);
                var next = events.MoveNextAsync().AsTask();
                while (await next.ConfigureAwait(false))
                {
                    var some = new List<LiveEvent> { events.Current };
                    next = events.MoveNextAsync().AsTask();
                    while (some.Count < MostAtOnce && next.IsCompletedSuccessfully && next.Result)
                    {
                        some.Add(events.Current);
                        next = events.MoveNextAsync().AsTask();
                    }

                    var answer = taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    node.Tell(new LiveHappened(Interlocked.Increment(ref lastNumber), some), self);
                    await Task.WhenAny(answer.Task, Task.Delay(Lease, over.Token)).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or EngineStoppedException)
            {
                // No reader is left, or this engine has stopped.
            }
        }

        private static bool IsSame<T>(IReadOnlySet<T>? one, IReadOnlySet<T>? other) =>
            ReferenceEquals(one, other) || (one is not null && other is not null && one.SetEquals(other));
    }

    /// <summary>Timer message: publish the filter and end expired leases.</summary>
    public sealed class LookAround
    {
        public static readonly LookAround Instance = new();
    }
}
