using System.Threading.Channels;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>Queue of the messages of one topic. A full queue drops the oldest message.</summary>
internal sealed class FollowedTopic(SubscriberLink link, long id, string topic, int capacity) : IAsyncDisposable
{
    private readonly TaskCompletionSource followed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<object> messages = Channel.CreateBounded<object>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public long Id => id;

    public string Topic => topic;

    /// <summary>
    /// Completes when the connected node has subscribed to the topic. Messages that this node publishes are received from then on;
    /// the other nodes learn of the subscription soon after.
    /// </summary>
    public Task Followed => followed.Task;

    public ChannelReader<object> Messages => messages.Reader;

    public void Begin() => followed.TrySetResult();

    public void Take(object message) => messages.Writer.TryWrite(message);

    public ValueTask DisposeAsync() => link.LeaveAsync(this);
}
