using ActorTrading.Domain.Records;
using ActorTrading.Wire;

namespace ActorTrading.Lab.Fuzzing;

/// <summary>The output of a parser for an input.</summary>
internal sealed class TakenRecords : IRecordSink
{
    /// <summary>The records.</summary>
    public List<Record> Records { get; } = [];

    /// <summary>The unreadable pieces.</summary>
    public List<RejectedInput> Rejected { get; } = [];

    public void OnRecord(in Record record) => Records.Add(record);

    public void OnRejected(in RejectedInput input) => Rejected.Add(input);

    /// <summary>Checks that another parse of the same input gave the same output.</summary>
    /// <exception cref="FuzzFault">The outputs differ.</exception>
    public void MustBe(TakenRecords other, string promise)
    {
        FuzzFault.Unless(Records.Count == other.Records.Count, $"{promise}: {Records.Count} records, and {other.Records.Count}");
        for (var i = 0; i < Records.Count; i++)
        {
            if (!IsSame(Records[i], other.Records[i])) throw new FuzzFault(
                $"{promise}: record {i}: {Describe(Records[i])}, and {Describe(other.Records[i])}");
        }

        FuzzFault.Unless(Rejected.Count == other.Rejected.Count, $"{promise}: {Rejected.Count} rejections, and {other.Rejected.Count}");
        for (var i = 0; i < Rejected.Count; i++)
        {
            if (!IsSame(Rejected[i], other.Rejected[i])) throw new FuzzFault(
                $"{promise}: rejection {i}: {Rejected[i]}, and {other.Rejected[i]}");
        }
    }

    /// <summary>The stored form of a record.</summary>
    public static string Describe(in Record record) =>
        $"{record.Kind} {record.Symbol} {record.Id} {record.Time.Nanoseconds} {record.A} {record.B} {record.C} {record.D} {record.E} "
        + $"{record.VolumeHigh} in {record.Units} {record.Frame} {record.Side} '{record.Text}'";

    /// <summary>
    /// Whether two rejections are equal. For damaged input, the quoted length may differ, because it depends on how much had arrived.
    /// </summary>
    private static bool IsSame(in RejectedInput one, in RejectedInput other) =>
        one with { Raw = "" } == other with { Raw = "" }
        && (one.Raw.StartsWith(other.Raw, StringComparison.Ordinal) || other.Raw.StartsWith(one.Raw, StringComparison.Ordinal));

    /// <summary>Whether two records are equal in every bit.</summary>
    public static bool IsSame(in Record one, in Record other) =>
        one.Kind == other.Kind && one.Symbol.Equals(other.Symbol) && one.Id == other.Id && one.Time == other.Time
        && (one.A, one.B, one.C, one.D) == (other.A, other.B, other.C, other.D)
        && (one.E, one.VolumeHigh, one.Units, one.Frame, one.Side) == (other.E, other.VolumeHigh, other.Units, other.Frame, other.Side)
        && one.Text == other.Text;
}
