using ActorTrading.TestKit.Folding;
using ActorTrading.Wire;
using Xunit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Engines;

/// <summary>Collects the records of a file without errors.</summary>
public sealed class MarketInput : IRecordSink
{
    /// <summary>The records.</summary>
    public List<Input> Inputs { get; } = [];

    /// <inheritdoc/>
    public void OnRecord(in Record record) => Inputs.Add(Input.Of(record));

    /// <inheritdoc/>
    public void OnRejected(in RejectedInput input) => Assert.Fail(input.Rejection.ToString());
}
