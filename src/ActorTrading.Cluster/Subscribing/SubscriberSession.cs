using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Serialization;
using ActorTrading.Cluster.Signals;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>
/// Serves one subscriber: subscribes to its topics, and passes its signal queries to this node's gateway. At most
/// <see cref="MostUnderWay"/> bytes are in flight to it. Further messages wait, and the oldest are dropped. Closes the connection of
/// a subscriber that sends other messages, too much at once, or nothing for <see cref="Silence"/>.
/// </summary>
internal sealed class SubscriberSession : ReceiveActor, IWithTimers
{
    private const int MostTopics = 1_024;
    private const int MostWaiting = 4_096;
    private const int MostQuestions = 4;
    private const int MostUnread = 2 * MostTopics;
    private const int MostFrame = 64 * 1024;
    private const long MostUnderWay = 4 << 20;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    private readonly InboundConnection connection;
    private readonly Reader reader;
    private readonly Dictionary<long, IActorRef> topics = [];
    private readonly Queue<byte[]> waiting = new();
    private readonly ILoggingAdapter log = Context.GetLogger();
    private long sent;
    private long taken;
    private int queries;
    private long heard = Environment.TickCount64;

    public SubscriberSession(InboundConnection connection, IActorRef gateway)
    {
        this.connection = connection;
        reader = new Reader(Self);
        Receive<InboundPayload>(payload =>
        {
            reader.Done();
            heard = Environment.TickCount64;
            var frame = payload.Payload.Span;
            if (frame.Length <= MostFrame && SubscriberFrames.TryRead(frame, out var message)) Take(message, gateway);
            else Refuse("it sends a frame that is not valid for a subscriber");
        });
        Receive<Disassociated>(_ => Context.Stop(Self));
        Receive<Flooded>(_ => Refuse("it sends more than the limit"));
        Receive<Published>(published => Publish(published.Id, published.Message));
        Receive<TopicFollowed>(Send);
        Receive<SignalsAnswer>(answer =>
        {
            queries--;
            Send(answer);
        });
        Receive<Unanswered>(_ => queries--); // the subscriber repeats the query, here or at another node
        Receive<CheckPeer>(_ =>
        {
            if (Environment.TickCount64 - heard > Silence.TotalMilliseconds) Context.Stop(Self);
            else if (sent - taken < MostUnderWay) Send(new Heartbeat(0));
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(InboundConnection connection, IActorRef gateway) =>
        Props.Create(() => new SubscriberSession(connection, gateway));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(CheckPeer), CheckPeer.Instance, Beat, Beat);
        connection.Attach(reader);
    }

    protected override void PostStop() => connection.End("the session of the subscriber has ended", log);

    /// <summary>Whether a subscriber may subscribe to a topic. The other topics are internal to the nodes.</summary>
    private static bool IsOffered(string topic) =>
        topic is Topics.Signals or Topics.Rejects or Topics.Volatility or Topics.Subscriptions or Topics.Plan
        || topic.StartsWith($"{Topics.Signals}.", StringComparison.Ordinal) || Topics.TryReadBars(topic, out _, out _);

    private void Take(object message, IActorRef gateway)
    {
        switch (message)
        {
            case FollowTopic follow when topics.ContainsKey(follow.Id):
                break; // a repeated message: a subscriber may send it twice while it connects
            case FollowTopic follow when IsOffered(follow.Topic) && topics.Count < MostTopics:
                topics.Add(follow.Id, Context.ActorOf(Follower.For(follow)));
                break;
            case LeaveTopic leave:
                if (topics.Remove(leave.Id, out var follower)) Context.Stop(follower);
                break;
            case AskSignals ask:
                if (queries < MostQuestions && sent - taken < MostUnderWay) Ask(ask, gateway); // otherwise it repeats the query
                break;
            case Heartbeat beat when beat.Taken <= sent:
                taken = Math.Max(taken, beat.Taken);
                SendWaiting();
                break;
            default:
                Refuse($"it sends a message that subscribers may not send ({message.GetType().Name})");
                break;
        }
    }

    private void Ask(AskSignals ask, IActorRef gateway)
    {
        queries++;
        gateway.Ask<SignalsPage>(new SignalsAfter(ask.Position), Answer).PipeTo(
            Self, success: page => new SignalsAnswer(ask.Id, Encode(page)), failure: _ => new Unanswered());
    }

    private void Publish(long id, object message)
    {
        if (!topics.ContainsKey(id)) return;
        var frame = SubscriberFrames.Write(new TopicMessage(id, MessageCodec.ManifestOf(message), Encode(message)));
        if (waiting.Count == 0 && sent - taken < MostUnderWay)
        {
            Write(frame);
            return;
        }

        if (waiting.Count == MostWaiting) waiting.Dequeue();
        waiting.Enqueue(frame);
    }

    private void SendWaiting()
    {
        while (sent - taken < MostUnderWay && waiting.TryDequeue(out var frame)) Write(frame);
    }

    private void Send(object message) => Write(SubscriberFrames.Write(message));

    private void Write(byte[] frame)
    {
        sent += frame.Length;
        connection.Write(ByteString.CopyFrom(frame)); // if the connection is lost, a Disassociated follows
    }

    private void Refuse(string reason)
    {
        RefusedMessages.Of(Context.System).Refuse(
            $"Refused a message of the subscriber {connection.Peer}: {reason}.",
            ClusterPort.AuditRecordOf(connection.Peer, "message_refused", connection.Identity?.Subject ?? ""));
        Context.Stop(Self);
    }

    private static byte[] Encode(object message)
    {
        var output = new ArrayBufferWriter<byte>();
        MessageCodec.Encode(message, output);
        return output.WrittenSpan.ToArray();
    }

    private sealed record Published(long Id, object Message) : INoSerializationVerificationNeeded;

    private sealed class Flooded : INoSerializationVerificationNeeded;

    private sealed class Unanswered : INoSerializationVerificationNeeded;

    private sealed class CheckPeer
    {
        public static readonly CheckPeer Instance = new();
    }

    /// <summary>Passes events of the connection to the session, if the session keeps up.</summary>
    private sealed class Reader(IActorRef session) : IHandleEventListener
    {
        private int unread;

        public void Notify(IHandleEvent ev)
        {
            if (ev is not InboundPayload) session.Tell(ev);
            else if (Interlocked.Increment(ref unread) is var count && count < MostUnread) session.Tell(ev);
            else if (count == MostUnread) session.Tell(new Flooded());
        }

        public void Done() => Interlocked.Decrement(ref unread);
    }

    /// <summary>Subscribes to one topic, and passes its messages to the session.</summary>
    private sealed class Follower : ReceiveActor
    {
        private readonly string topic;

        public Follower(FollowTopic follow)
        {
            topic = follow.Topic;
            Receive<SubscribeAck>(_ => Context.Parent.Tell(new TopicFollowed(follow.Id)));
            ReceiveAny(message => Context.Parent.Tell(new Published(follow.Id, message)));
        }

        public static Props For(FollowTopic follow) => Props.Create(() => new Follower(follow));

        protected override void PreStart() => DistributedPubSub.Get(Context.System).Mediator.Tell(new Subscribe(topic, Self));
    }
}
