using ActorTrading.Domain.Records;

namespace ActorTrading.Benchmarks.Engines;

/// <summary>What takes a load.</summary>
internal interface IBenchTarget : IAsyncDisposable
{
    /// <summary>Takes a batch in when there is room; then a task that ends when all of it is durable and folded.</summary>
    ValueTask<Task> SubmitAsync(ReadOnlyMemory<Record> records);

    /// <summary>Events in the journal.</summary>
    long Events();
}
