using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests;

/// <summary>A sink that collects everything.</summary>
internal sealed class Collected : IRecordSink
{
    public List<Record> Records { get; } = [];

    public List<RejectedInput> Rejected { get; } = [];

    public void OnRecord(in Record record) => Records.Add(record);

    public void OnRejected(in RejectedInput input) => Rejected.Add(input);

    public Record Only()
    {
        Assert.Empty(Rejected);
        return Assert.Single(Records);
    }

    public RejectedInput OnlyRejected()
    {
        Assert.Empty(Records);
        return Assert.Single(Rejected);
    }
}
