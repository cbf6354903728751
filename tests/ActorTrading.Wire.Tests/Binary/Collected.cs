using ActorTrading.TestKit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Binary;

/// <summary>Keeps what a decoder yields.</summary>
internal sealed class Collected : IRecordSink
{
    public List<Record> Records { get; } = [];

    public List<RejectedInput> Rejected { get; } = [];

    /// <summary>All of it in words, to compare two runs.</summary>
    public string[] Story =>
        [.. Records.Select(record => RecordText.Describe(record)),
            .. Rejected.Select(input => $"{input.LineNumber} {input.Id} {input.Rejection} {input.Raw}")];

    public void OnRecord(in Record record) => Records.Add(record);

    public void OnRejected(in RejectedInput input) => Rejected.Add(input);
}

/// <summary>Counts what a decoder yields, and keeps nothing.</summary>
internal sealed class Counted : IRecordSink
{
    public long Records { get; private set; }

    public long Rejected { get; private set; }

    public void OnRecord(in Record record) => Records++;

    public void OnRejected(in RejectedInput input) => Rejected++;
}
