using System.Globalization;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Files;

/// <summary>
/// Keeps the records of an input with the newest record first, and delivers them in reverse order. Rejections are forwarded at once.
/// </summary>
internal sealed class ReversingSink(IRecordSink next, string input, ReadOptions options) : IRecordSink
{
    private readonly List<(Record Record, long Line)> records = [];

    public void OnRecord(in Record record)
    {
        if (records.Count == options.MaxReversed)
        {
            records.Clear();
            throw new InputException(input, string.Create(CultureInfo.InvariantCulture,
                $"is sorted newest first, and has more than the {options.MaxReversed:N0} records that can be reversed; "
                + $"sort it oldest first"));
        }

        records.Add((record, options.Position?.Line ?? 0));
    }

    public void OnRejected(in RejectedInput rejected) => next.OnRejected(rejected);

    /// <summary>Delivers the records.</summary>
    public void Deliver()
    {
        for (var i = records.Count - 1; i >= 0; i--)
        {
            if (options.Position is { } position) position.Line = records[i].Line;
            next.OnRecord(records[i].Record);
        }

        records.Clear();
    }
}
