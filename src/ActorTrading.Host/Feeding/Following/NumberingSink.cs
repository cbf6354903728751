using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire;

namespace ActorTrading.Host.Feeding.Following;

/// <summary>
/// Numbers the records of a file in its epoch, as <c>feed</c> does, and skips the first ones, which an earlier run has fed. Records with a
/// seq keep their identity.
/// </summary>
internal sealed class NumberingSink(IRecordSink next, Source source, long epoch, long skip) : IRecordSink
{
    private long seq;

    /// <summary>Number of records received, including the skipped ones.</summary>
    public long Count { get; private set; }

    public void OnRecord(in Record record)
    {
        Count++;
        var identified = record.Id.IsSequenced ? record : record.WithIdentity(new Identity(source, epoch, ++seq));
        if (Count > skip) next.OnRecord(identified);
    }

    public void OnRejected(in RejectedInput input)
    {
        if (Count >= skip) next.OnRejected(input);
    }
}
