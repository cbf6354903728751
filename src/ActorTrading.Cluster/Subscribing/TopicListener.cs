using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>The messages of one topic, in a line that drops the oldest when it is full. Safe for any number of threads.</summary>
internal sealed class TopicListener : IAsyncDisposable
{
    private readonly TaskCompletionSource subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<object> messages;
    private readonly IActorRef listener;

    public TopicListener(ActorSystem system, string topic, int capacity)
    {
        messages = Channel.CreateBounded<object>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        var (writer, done) = (messages.Writer, subscribed);
        listener = system.ActorOf(Props.Create(() => new Listener(topic, writer, done)));
    }

    /// <summary>Done when what is published in this process's node from now on comes here, and the others begin to hear of it.</summary>
    public Task Subscribed => subscribed.Task;

    public ChannelReader<object> Messages => messages.Reader;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await listener.GracefulStop(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        }
        catch (TaskCanceledException)
        {
            // Its system is gone, and it with that.
        }
    }

    private sealed class Listener : ReceiveActor
    {
        private readonly string topic;

        public Listener(string topic, ChannelWriter<object> messages, TaskCompletionSource subscribed)
        {
            this.topic = topic;
            Receive<SubscribeAck>(_ => subscribed.TrySetResult());
            ReceiveAny(message => messages.TryWrite(message));
        }

        protected override void PreStart() => DistributedPubSub.Get(Context.System).Mediator.Tell(new Subscribe(topic, Self));
    }
}
