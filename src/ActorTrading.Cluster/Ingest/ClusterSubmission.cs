using ActorTrading.Domain.Records;
using ActorTrading.Engine;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// A submitted batch in the window. Complete when each of its records has an outcome. Changed only under the window's lock.
/// </summary>
internal sealed class ClusterSubmission(ReadOnlyMemory<Record> records) : IAdmitted
{
    private readonly TaskCompletionSource<IngestResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BatchOutcome outcome;

    public ReadOnlyMemory<Record> Records => records;

    public Task<IngestResult> Completion => completion.Task;

    /// <summary>The outcomes of its records so far.</summary>
    public ref BatchOutcome Outcome => ref outcome;

    /// <summary>Number of records without an outcome.</summary>
    public int Left { get; set; } = records.Length;

    public void Complete() => completion.TrySetResult(outcome.ToResult());

    public void Fail(Exception cause) => completion.TrySetException(cause);
}
