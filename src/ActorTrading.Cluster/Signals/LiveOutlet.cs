using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Engine;
using ActorTrading.Engine.Live;
using Akka.Actor;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// Sends the live events of this node that match a filter to one receiver. The filter is valid for five seconds. Events of other nodes
/// are excluded: each node publishes its own. Events that are not accepted in time are dropped, oldest first, and counted, as for any
/// live reader. Its actor sets the filter; a task sends the events.
/// </summary>
internal abstract class LiveOutlet(NodeContext symbols)
{
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private const int MostAtOnce = 512;

    private readonly CancellationTokenSource over = new();
    private LiveReader? reader;
    private long until; // Environment.TickCount64

    protected NodeContext Symbols { get; } = symbols;

    /// <summary>Whether the filter was not confirmed in time.</summary>
    public bool IsExpired => until < Environment.TickCount64;

    /// <summary>Sets or confirms the filter. A change loses and repeats no event that is wanted before and after it.</summary>
    public void Follow(LiveFilter filter)
    {
        until = Environment.TickCount64 + (long)Lease.TotalMilliseconds;
        if (reader is null)
        {
            reader = Symbols.Live.Subscribe(filter, Symbols.Options.LiveBuffer, isRelay: true);
            _ = PumpAsync(reader);
        }
        else if (!IsSame(filter, reader.Filter))
        {
            Symbols.Live.Change(reader, filter);
        }
    }

    public void End()
    {
        if (reader is not null) Symbols.Live.Unsubscribe(reader);
        over.Cancel();
    }

    /// <summary>Sends some events; completes when the next may be sent.</summary>
    protected abstract Task SendAsync(IReadOnlyList<LiveEvent> events, CancellationToken ended);

    private async Task PumpAsync(LiveReader read)
    {
        try
        {
            await using var events = read.ReadAsync(over.Token).GetAsyncEnumerator(over.Token);
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

                await SendAsync(some, over.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or EngineStoppedException)
        {
            // The outlet has ended, or this engine has stopped.
        }
    }

    private static bool IsSame(LiveFilter one, LiveFilter other) =>
        (one.Bars, one.Late, one.Ticks, one.TickBars) == (other.Bars, other.Late, other.Ticks, other.TickBars)
        && IsSame(one.Symbols, other.Symbols) && IsSame(one.Frames, other.Frames);

    private static bool IsSame<T>(IReadOnlySet<T>? one, IReadOnlySet<T>? other) =>
        ReferenceEquals(one, other) || (one is not null && other is not null && one.SetEquals(other));
}

/// <summary>Events for the readers of another node. One message is in flight at a time.</summary>
internal sealed class NodeOutlet(NodeContext symbols, IActorRef node, IActorRef self) : LiveOutlet(symbols)
{
    private volatile TaskCompletionSource? taken;
    private long lastNumber;

    /// <summary>Called when the node has taken a message.</summary>
    public void Taken(long number)
    {
        if (number == Interlocked.Read(ref lastNumber)) taken?.TrySetResult();
    }

    protected override Task SendAsync(IReadOnlyList<LiveEvent> events, CancellationToken ended)
    {
        var answer = taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Tell(new LiveHappened(Interlocked.Increment(ref lastNumber), events), self);
        return Task.WhenAny(answer.Task, Task.Delay(Lease, ended));
    }
}

/// <summary>Closed bars, and the volatility at them, for the topics that have subscribers.</summary>
/// <param name="interest">Returns these topics. Thread-safe.</param>
internal sealed class TopicOutlet(NodeContext symbols, IActorRef mediator, Func<TopicInterest> interest) : LiveOutlet(symbols)
{
    protected override Task SendAsync(IReadOnlyList<LiveEvent> events, CancellationToken ended)
    {
        foreach (var happened in events)
        {
            if (happened.Bar is not { } bar) continue;
            foreach (var message in interest().MessagesOf(bar, Symbols.PlanOf(bar.Symbol).Settings.Columns)) mediator.Tell(message);
        }

        return Task.CompletedTask;
    }
}
