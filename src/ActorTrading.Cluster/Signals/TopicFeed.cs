using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Live;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// Publishes what happens to the symbols of this node, and what it refuses, on the topics that somebody in the cluster has
/// subscribed to; asks which those are once a second. Without subscribers nothing is looked at. What is not published in time is
/// dropped, the oldest first.
/// </summary>
internal sealed class TopicFeed : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly TopicBoard board;
    private readonly IActorRef mediator = DistributedPubSub.Get(Context.System).Mediator;
    private LiveReader? reader;
    private Task reading = Task.CompletedTask;

    public TopicFeed(TopicBoard board)
    {
        this.board = board;
        Receive<LookForSubscribers>(_ => mediator.Tell(GetTopics.Instance));
        Receive<CurrentTopics>(known => Follow(TopicInterest.Of(known.Topics)));
        Receive<RejectPublished>(reject => mediator.Tell(new Publish(Topics.Rejects, reject)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(TopicBoard board) => Props.Create(() => new TopicFeed(board));

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(LookForSubscribers), LookForSubscribers.Instance, TimeSpan.Zero, Look);

    protected override void PostStop()
    {
        board.Wishes = TopicInterest.None;
        Leave();
    }

    private void Follow(TopicInterest wishes)
    {
        if (wishes.IsSame(board.Wishes)) return;
        board.Wishes = wishes;
        Leave();
        if (wishes.Filter is not { } filter) return;
        reader = board.Live.Subscribe(filter, board.Buffer, isRelay: true); // the nodes of the others' symbols publish those
        reading = PublishAsync(reading, reader, wishes);
    }

    private void Leave()
    {
        if (reader is null) return;
        board.Live.Unsubscribe(reader);
        reader.End(null); // and what it has still goes out
        reader = null;
    }

    private async Task PublishAsync(Task before, LiveReader events, TopicInterest wishes)
    {
        await before.ConfigureAwait(false);
        try
        {
            await foreach (var happened in events.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                if (happened.Bar is { } bar) Publish(bar, wishes);
            }
        }
        catch (EngineStoppedException)
        {
            // Nothing happens here any more.
        }
    }

    private void Publish(BarClosed bar, TopicInterest wishes)
    {
        var columns = board.ColumnsOf(bar.Symbol);
        if (columns.Count != bar.Values.Count) return; // of a plan that is no longer
        if (wishes.Bars.Contains((bar.Frame, bar.Symbol)))
            mediator.Tell(
                new Publish(Topics.BarsOf(bar.Frame, bar.Symbol), new BarPublished(bar, [.. columns.Select(column => column.Name)])));
        if (!wishes.Volatility || bar.Frame == Frame.Tick) return; // of which each tick is a bar
        var told = new HashSet<string>(); // 'volatility(20)' and 'volatility(20)@1min' are two columns and one value
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Spec.Kind.Name != Topics.Volatility || double.IsNaN(bar.Values[i])
                || !told.Add(columns[i].Spec.ValueName)) continue;
            mediator.Tell(new Publish(
                Topics.Volatility,
                new VolatilityPublished(bar.Symbol, bar.Frame, bar.Bar.Opened, columns[i].Spec.ValueName, bar.Values[i])));
        }
    }

    private sealed class LookForSubscribers
    {
        public static readonly LookForSubscribers Instance = new();
    }
}

/// <summary>What a node's topics are fed from, and what is wanted of them. Safe for any number of threads.</summary>
internal sealed class TopicBoard(LiveHub live, int buffer, Func<Symbol, IReadOnlyList<IndicatorColumn>> columnsOf)
{
    private TopicInterest wishes = TopicInterest.None;

    public LiveHub Live => live;

    public int Buffer => buffer;

    /// <summary>The topics that have subscribers, as of the last look.</summary>
    public TopicInterest Wishes
    {
        get => Volatile.Read(ref wishes);
        set => Volatile.Write(ref wishes, value);
    }

    /// <summary>The columns of a symbol's plan.</summary>
    public IReadOnlyList<IndicatorColumn> ColumnsOf(Symbol symbol) => columnsOf(symbol);
}
