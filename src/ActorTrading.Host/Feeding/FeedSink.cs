using ActorTrading.Domain.Records;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Wire;

namespace ActorTrading.Host.Feeding;

/// <summary>
/// Hands records to a client at their pace, as many at once as are due, and waits when it is full. For one thread, which it holds up.
/// </summary>
internal sealed class FeedSink(FeedClient client, FeedPace pace, TimeProvider time, CancellationToken cancellation) : IRecordSink
{
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1); // what was due meanwhile goes together
    private static readonly TimeSpan MostWait = TimeSpan.FromHours(1);         // a timer's reach is some weeks

    private readonly Record[] block = new Record[4_096];
    private int count;
    private long unreadable;

    /// <summary>Pieces of input that made no record and were not sent.</summary>
    public long Unreadable => Volatile.Read(ref unreadable);

    public void OnRecord(in Record record)
    {
        var wait = pace.WaitFor(record);
        if (wait > TimeSpan.Zero) WaitFor(wait);
        block[count++] = record;
        if (count == block.Length) Flush();
    }

    public void OnRejected(in RejectedInput input) => Volatile.Write(ref unreadable, unreadable + 1);

    /// <summary>Hands over what has collected.</summary>
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
