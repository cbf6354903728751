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
/// Publishes bars of this node's symbols, and rejections of this node, on the topics that have subscribers in the cluster. Polls the
/// list of these topics once a second. Without subscribers no events are read. Events that are not published in time are dropped,
/// oldest first.
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
        reader = board.Live.Subscribe(filter, board.Buffer, isRelay: true); // only local symbols: each node publishes its own
        reading = PublishAsync(reading, reader, wishes);
    }

    private void Leave()
    {
        if (reader is null) return;
        board.Live.Unsubscribe(reader);
        reader.End(null); // events that it still holds are published
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
            // The engine has stopped.
        }
    }

    private void Publish(BarClosed bar, TopicInterest wishes)
    {
        var columns = board.ColumnsOf(bar.Symbol);
        if (columns.Count != bar.Values.Count) return; // of an earlier plan
        if (wishes.Bars.Contains((bar.Frame, bar.Symbol)))
            mediator.Tell(
                new Publish(Topics.BarsOf(bar.Frame, bar.Symbol), new BarPublished(bar, [.. columns.Select(column => column.Name)])));
        if (!wishes.Volatility || bar.Frame == Frame.Tick) return; // of ticks each is a bar
        var told = new HashSet<string>(); // columns 'volatility(20)' and 'volatility(20)@1min' have one value
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

/// <summary>Source of a node's topic feed, and the topics that have subscribers. Thread-safe.</summary>
internal sealed class TopicBoard(LiveHub live, int buffer, Func<Symbol, IReadOnlyList<IndicatorColumn>> columnsOf)
{
    private TopicInterest wishes = TopicInterest.None;

    public LiveHub Live => live;

    public int Buffer => buffer;

    /// <summary>Topics that had subscribers at the last poll.</summary>
    public TopicInterest Wishes
    {
        get => Volatile.Read(ref wishes);
        set => Volatile.Write(ref wishes, value);
    }

    /// <summary>The indicator columns of a symbol's plan.</summary>
    public IReadOnlyList<IndicatorColumn> ColumnsOf(Symbol symbol) => columnsOf(symbol);
}
