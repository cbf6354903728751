using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;

namespace ActorTrading.Engine.Symbols;

/// <summary>Counts of the records of a batch by outcome, and its rejected records. Not thread-safe.</summary>
internal struct BatchOutcome
{
    private int applied;
    private int late;
    private int duplicate;
    private List<RejectedRecord>? rejected;

    /// <summary>Counts records that were not rejected.</summary>
    public void Count(byte outcome, int count = 1)
    {
        switch (outcome)
        {
            case RecordOutcome.Applied: applied += count; break;
            case RecordOutcome.Late: late += count; break;
            case RecordOutcome.Duplicate: duplicate += count; break;
            default: throw new ArgumentOutOfRangeException(nameof(outcome));
        }
    }

    /// <summary>Adds a rejected record.</summary>
    /// <param name="index">Its index in the batch.</param>
    public void Reject(int index, in Record record, RejectReason reason, PlanSettings settings) =>
        (rejected ??= []).Add(new RejectedRecord(index, TickRules.Explain(record, reason, settings)));

    /// <summary>Adds the outcomes of another part of the batch.</summary>
    public void Add(in BatchOutcome other)
    {
        applied += other.applied;
        late += other.late;
        duplicate += other.duplicate;
        if (other.rejected is { } some) (rejected ??= []).AddRange(some);
    }

    /// <summary>The result for the sender, with the rejected records in the order of the batch.</summary>
    public readonly IngestResult ToResult()
    {
        rejected?.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        return new IngestResult(applied, late, duplicate, rejected ?? []);
    }
}
