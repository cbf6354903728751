using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// A batch, or an advance of the clock, split into one part per partition. Finished when every partition has finished its part.
/// </summary>
internal sealed class Submission : IAdmitted
{
    private readonly TaskCompletionSource<IngestResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Part> parts = [];
    private int left;

    /// <summary>Splits a batch by partition.</summary>
    public Submission(ReadOnlyMemory<Record> records, int partitions)
    {
        Records = records;
        if (partitions == 1)
        {
            parts.Add(new Part(this, 0, null) { Count = records.Length });
        }
        else
        {
            var byPartition = new Part?[partitions];
            var span = records.Span;
            for (var i = 0; i < span.Length; i++)
            {
                var number = PersistenceIds.PartitionOf(span[i].Symbol, partitions);
                var part = byPartition[number];
                if (part is null)
                {
                    byPartition[number] = part = new Part(this, number, ArrayPool<int>.Shared.Rent(span.Length));
                    parts.Add(part);
                }

                part.Indexes![part.Count++] = i;
            }
        }

        left = parts.Count;
    }

    /// <summary>Creates an advance of the clock for every partition.</summary>
    public Submission(Timestamp clock, int partitions)
    {
        for (var number = 0; number < partitions; number++) parts.Add(new Part(this, number, null) { Clock = clock });
        left = partitions;
    }

    public ReadOnlyMemory<Record> Records { get; }

    public IReadOnlyList<Part> Parts => parts;

    public Task<IngestResult> Completion => completion.Task;

    /// <summary>A part is durable and folded. Returns whether it was the last one.</summary>
    public bool FinishPart() => Interlocked.Decrement(ref left) == 0;

    public void Complete()
    {
        var outcome = default(BatchOutcome);
        foreach (var part in parts)
        {
            outcome.Add(part.Outcome);
            if (part.Indexes is { } indexes) ArrayPool<int>.Shared.Return(indexes);
        }

        completion.TrySetResult(outcome.ToResult());
    }

    public void Fail(Exception cause) => completion.TrySetException(cause);
}

/// <summary>The part of a submission for one partition. Only that partition's thread uses the counts.</summary>
internal sealed class Part(Submission owner, int partition, int[]? indexes)
{
    private BatchOutcome outcome;

    public Submission Owner => owner;

    public int Partition => partition;

    /// <summary>Indexes of its records in the batch; null for all records.</summary>
    public int[]? Indexes => indexes;

    public int Count { get; set; }

    public Timestamp? Clock { get; init; }

    /// <summary>Number of its records that were decided or deferred.</summary>
    public int Judged { get; set; }

    /// <summary>Number of its records that wait for activating symbols. They are decided when the symbols are active.</summary>
    public int Deferred { get; set; }

    /// <summary>For an advance of the clock: whether the affected symbols were activated.</summary>
    public bool HasWoken { get; set; }

    /// <summary>Whether all of its records are decided.</summary>
    public bool IsJudged => Judged == Count && Deferred == 0;

    /// <summary>When it was admitted, as a timestamp of the engine's clock.</summary>
    public long Since { get; set; }

    /// <summary>The outcomes of its records so far.</summary>
    public ref BatchOutcome Outcome => ref outcome;
}
