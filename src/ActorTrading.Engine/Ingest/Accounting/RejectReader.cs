using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>A live reader of rejections: a bounded queue that drops the oldest unread ones and counts them.</summary>
internal sealed class RejectReader
{
    private readonly Channel<Reject> unread;
    private long missed;

    public RejectReader(int capacity)
    {
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        unread = Channel.CreateBounded<Reject>(options, _ => Interlocked.Increment(ref missed));
    }

    public void Offer(Reject reject) => unread.Writer.TryWrite(reject);

    public void End() => unread.Writer.TryComplete();

    public async IAsyncEnumerable<LiveReject> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var reject in unread.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            yield return new LiveReject(reject, Interlocked.Exchange(ref missed, 0));
        }
    }
}
