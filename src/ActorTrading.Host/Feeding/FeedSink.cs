using ActorTrading.Domain.Records;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Wire;

namespace ActorTrading.Host.Feeding;

/// <summary>
/// Passes records to a client at their pace, in batches of the records that are due. Blocks the calling thread while the client is full.
/// Not thread-safe.
/// </summary>
internal sealed class FeedSink(FeedClient client, FeedPace pace, TimeProvider time, CancellationToken cancellation) : IRecordSink
{
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1); // records that become due meanwhile are sent together
    private static readonly TimeSpan MostWait = TimeSpan.FromHours(1);         // timers are limited to some weeks

    private readonly Record[] block = new Record[4_096];
    private int count;
    private long unreadable;

    /// <summary>Number of unreadable pieces of input, which were not sent.</summary>
    public long Unreadable => Volatile.Read(ref unreadable);

    public void OnRecord(in Record record)
    {
        var wait = pace.WaitFor(record);
        if (wait > TimeSpan.Zero) WaitFor(wait);
        block[count++] = record;
        if (count == block.Length) Flush();
    }

    public void OnRejected(in RejectedInput input) => Volatile.Write(ref unreadable, unreadable + 1);

    /// <summary>Sends the collected records.</summary>
    public void Flush()
    {
        client.SendAsync(block.AsMemory(0, count), cancellation).AsTask().GetAwaiter().GetResult();
        count = 0;
    }

    private void WaitFor(TimeSpan wait)
    {
        Flush();
        for (var left = wait; left > TimeSpan.Zero; left -= MostWait)
        {
            var part = left < LeastWait ? LeastWait : left < MostWait ? left : MostWait;
            Task.Delay(part, time, cancellation).GetAwaiter().GetResult();
        }
    }
}
