using ActorTrading.TestKit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Binary;

/// <summary>Collects the output of a decoder.</summary>
internal sealed class Collected : IRecordSink
{
    public List<Record> Records { get; } = [];

    public List<RejectedInput> Rejected { get; } = [];

    /// <summary>The whole output as text, to compare two runs.</summary>
    public string[] Story =>
        [.. Records.Select(record => RecordText.Describe(record)),
            .. Rejected.Select(input => $"{input.LineNumber} {input.Id} {input.Rejection} {input.Raw}")];

    public void OnRecord(in Record record) => Records.Add(record);

    public void OnRejected(in RejectedInput input) => Rejected.Add(input);
}

/// <summary>Counts the output of a decoder, and keeps nothing.</summary>
internal sealed class Counted : IRecordSink
{
    public long Records { get; private set; }

    public long Rejected { get; private set; }

    public void OnRecord(in Record record) => Records++;

    public void OnRejected(in RejectedInput input) => Rejected++;
}
