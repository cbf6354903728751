using ActorTrading.Domain.Records;

namespace ActorTrading.Benchmarks.Engines;

/// <summary>The target of a load.</summary>
internal interface IBenchTarget : IAsyncDisposable
{
    /// <summary>Accepts a batch when there is room; the inner task ends when all of it is durable and folded.</summary>
    ValueTask<Task> SubmitAsync(ReadOnlyMemory<Record> records);

    /// <summary>Number of events in the journal.</summary>
    long Events();
}
