using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire;

namespace ActorTrading.Engine;

/// <summary>Rejects records whose stamp is after <paramref name="latest"/> with <see cref="RejectReason.TimeAhead"/>, and passes all others on.</summary>
/// <param name="next">Receives the accepted records and all rejections.</param>
/// <param name="latest">The last stamp that is accepted; see <see cref="ClockLimit"/>.</param>
public sealed class ClockGuard(IRecordSink next, Timestamp latest) : IRecordSink
{
    /// <inheritdoc/>
    public void OnRecord(in Record record)
    {
        if (record.Time <= latest) next.OnRecord(record);
        else next.OnRejected(new RejectedInput(record.Id, 0, TickRules.Explain(record, RejectReason.TimeAhead), record.Symbol.Name));
    }

    /// <inheritdoc/>
    public void OnRejected(in RejectedInput input) => next.OnRejected(input);
}
