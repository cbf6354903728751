using ActorTrading.Domain.Records;
using ActorTrading.Engine;

namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// A submitted batch in the window. Complete when each of its records has an outcome. Changed only under the window's lock.
/// </summary>
internal sealed class ClusterSubmission(ReadOnlyMemory<Record> records) : IAdmitted
{
    private readonly TaskCompletionSource<IngestResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<RejectedRecord>? refused;

    public ReadOnlyMemory<Record> Records => records;

    public Task<IngestResult> Completion => completion.Task;

    public int Applied { get; set; }

    public int Late { get; set; }

    public int Duplicate { get; set; }

    /// <summary>Number of records without an outcome.</summary>
    public int Left { get; set; } = records.Length;

    public void Refuse(in RejectedRecord record) => (refused ??= []).Add(record);

    public void Complete()
    {
        refused?.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        completion.TrySetResult(new IngestResult(Applied, Late, Duplicate, refused ?? []));
    }

    public void Fail(Exception cause) => completion.TrySetException(cause);
}
