using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Engine;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;

namespace ActorTrading.Cluster.Signals;

/// <summary>
/// Publishes the live events of this node's symbols outside the node, each way by a <see cref="LiveOutlet"/>: to the nodes whose readers
/// want them, and on the topics of distributed pub-sub that have subscribers. It tells the other nodes what the readers of this node
/// want, and gives their events to these readers. Without interest no events are read.
/// <para>
/// Why there are two kinds of outlet: the topics are public, so subscribers, and actors that a program adds to its node, register with
/// pub-sub itself. Pub-sub has no back-pressure and no filters. Between nodes messages are acknowledged, and a <see cref="LiveFilter"/>
/// selects symbols, frames and kinds of events.
/// </para>
/// </summary>
internal sealed class LivePublisher : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly NodeContext symbols;
    private readonly IActorRef mediator = DistributedPubSub.Get(Context.System).Mediator;
    private readonly Dictionary<IActorRef, LiveOutlet> outlets = []; // by the node's publisher; that of the topics by the mediator
    private LiveFilter? told;
    private volatile TopicInterest topics = TopicInterest.None; // at the last poll

    public LivePublisher(NodeContext symbols)
    {
        this.symbols = symbols;
        Receive<Poll>(_ =>
        {
            foreach (var (receiver, outlet) in outlets.ToList())
            {
                if (outlet.IsExpired) End(receiver);
            }

            PublishWanted();
            mediator.Tell(GetTopics.Instance);
        });
        Receive<CurrentTopics>(known =>
        {
            topics = TopicInterest.Of(known.Topics);
            symbols.AreRejectsFollowed = topics.Rejects;
            Serve(mediator, topics.Filter);
        });
        Receive<LiveWanted>(wanted =>
        {
            if (!Sender.Equals(Self)) Serve(Sender, wanted.Filter);
        });
        Receive<LiveHappened>(happened =>
        {
            foreach (var one in happened.Events) symbols.Live.Publish(one, cameFromElsewhere: true);
            Sender.Tell(new LiveTaken(happened.Number));
        });
        Receive<LiveTaken>(taken =>
        {
            if (outlets.GetValueOrDefault(Sender) is NodeOutlet node) node.Taken(taken.Number);
        });
        Receive<RejectPublished>(reject => mediator.Tell(new Publish(Topics.Rejects, reject)));
        Receive<SubscribeAck>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(NodeContext symbols) => Props.Create(() => new LivePublisher(symbols));

    protected override void PreStart()
    {
        mediator.Tell(new Subscribe(Topics.Live, Self));
        Timers.StartPeriodicTimer(nameof(Poll), Poll.Instance, TimeSpan.Zero, PollInterval);
    }

    protected override void PostStop()
    {
        symbols.AreRejectsFollowed = false;
        foreach (var receiver in outlets.Keys.ToList()) End(receiver);
    }

    private void PublishWanted()
    {
        var wanted = symbols.Live.Wanted;
        if (wanted is not null || told is not null) mediator.Tell(new Publish(Topics.Live, new LiveWanted(wanted)), Self);
        told = wanted;
    }

    private void Serve(IActorRef receiver, LiveFilter? filter)
    {
        if (filter is null)
        {
            End(receiver);
            return;
        }

        if (!outlets.TryGetValue(receiver, out var outlet))
        {
            outlet = receiver.Equals(mediator)
                ? new TopicOutlet(symbols, mediator, () => topics)
                : new NodeOutlet(symbols, receiver, Self);
            outlets.Add(receiver, outlet);
        }

        outlet.Follow(filter);
    }

    private void End(IActorRef receiver)
    {
        if (outlets.Remove(receiver, out var outlet)) outlet.End();
    }

    /// <summary>Timer message: publish the filter of this node, poll the topics, and end expired outlets.</summary>
    public sealed class Poll
    {
        public static readonly Poll Instance = new();
    }
}
