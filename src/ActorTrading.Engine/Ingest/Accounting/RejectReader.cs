using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>A live reader of rejections: a bounded queue that drops the oldest unread ones and counts them.</summary>
internal sealed class RejectReader
{
    private readonly Channel<Refusal> unread;
    private long missed;

    public RejectReader(int capacity)
    {
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        unread = Channel.CreateBounded<Refusal>(options, _ => Interlocked.Increment(ref missed));
    }

    public void Offer(Refusal refusal) => unread.Writer.TryWrite(refusal);

    public void End() => unread.Writer.TryComplete();

    public async IAsyncEnumerable<LiveReject> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var refusal in unread.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            yield return new LiveReject(refusal, Interlocked.Exchange(ref missed, 0));
        }
    }
}
