using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine;

/// <summary>
/// Rejects records whose timestamp is after <paramref name="latest"/> with <see cref="RejectReason.TimeAhead"/>. Passes all other records
/// on.
/// </summary>
/// <param name="next">Receives the accepted records and all rejections.</param>
/// <param name="latest">The latest timestamp that is accepted; see <see cref="ClockLimit"/>.</param>
/// <param name="position">Position of the file reader; null if the records do not come from a file.</param>
public sealed class ClockGuard(IRecordSink next, Timestamp latest, ReadPosition? position = null) : IRecordSink
{
    /// <inheritdoc/>
    public void OnRecord(in Record record)
    {
        if (record.Time <= latest) next.OnRecord(record);
        else next.OnRejected(new RejectedInput(
            record.Id, position?.Line ?? 0, TickRules.Explain(record, RejectReason.TimeAhead), RecordWriter.Text(record))
            {
                Time = record.Time,
            });
    }

    /// <inheritdoc/>
    public void OnRejected(in RejectedInput input) => next.OnRejected(input);
}
