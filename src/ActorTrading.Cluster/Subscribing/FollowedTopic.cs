using System.Threading.Channels;

namespace ActorTrading.Cluster.Subscribing;

/// <summary>The messages of one topic, in a queue that drops the oldest when it is full.</summary>
internal sealed class FollowedTopic(SubscriberLink link, long id, string topic, int capacity) : IAsyncDisposable
{
    private readonly TaskCompletionSource followed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<object> messages = Channel.CreateBounded<object>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public long Id => id;

    public string Topic => topic;

    /// <summary>
    /// Done when what is published on the node of the connection from now on comes here, and the others begin to hear of it.
    /// </summary>
    public Task Followed => followed.Task;

    public ChannelReader<object> Messages => messages.Reader;

    public void Begin() => followed.TrySetResult();

    public void Take(object message) => messages.Writer.TryWrite(message);

    public ValueTask DisposeAsync() => link.LeaveAsync(this);
}
