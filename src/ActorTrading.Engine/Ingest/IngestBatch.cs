using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// A batch of input: records in a pooled array, and unreadable pieces of input. Passed to the ingest pipeline, and back to its session when
/// the pipeline has finished with it.
/// </summary>
internal sealed class IngestBatch
{
    /// <summary>The smallest weight of a batch.</summary>
    public const int LeastWeight = PerBatch;

    private const int PerBatch = 64;

    private Record[] records = [];
    private List<RejectedInput>? unreadable;
    private List<int>? places;

    /// <summary>Number of records.</summary>
    public int Count { get; private set; }

    /// <summary>Unreadable pieces of input, in order.</summary>
    public IReadOnlyList<RejectedInput> Unreadable => (IReadOnlyList<RejectedInput>?)unreadable ?? [];

    /// <summary>Whether the batch contains no input.</summary>
    public bool IsEmpty => Count == 0 && unreadable is null;

    /// <summary>Number of records and unreadable pieces.</summary>
    public int Pieces { get; private set; }

    /// <summary>
    /// Weight of the batch in the connection's in-flight budget, in records. The batch itself, and each unreadable piece, count as several
    /// records.
    /// </summary>
    public int Weight => Count + (PerBatch * (1 + Unreadable.Count));

    /// <summary>The lowest seq of the connection's own source and epoch; <see cref="long.MaxValue"/> if there is none.</summary>
    public long FirstSeq { get; private set; } = long.MaxValue;

    /// <summary>The highest seq of the connection's own source and epoch; -1 if there is none.</summary>
    public long LastSeq { get; private set; } = Identity.None;

    /// <summary>Time at which it became the next batch to hand over, by the clock of its connection.</summary>
    public long BegunAt { get; set; }

    /// <summary>Whether it waits for disk space or for its sender's quota, and not for the engine.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Completes with the outcome; set when it is handed over.</summary>
    public Task<IngestResult> Outcome { get; set; } = null!;

    /// <summary>The outcome; null until it is known.</summary>
    public IngestResult? Result { get; set; }

    /// <summary>The records, in order.</summary>
    public ReadOnlyMemory<Record> Records => records.AsMemory(0, Count);

    /// <summary>Adds a record.</summary>
    public void Add(in Record record, bool isOwn)
    {
        if (Count == records.Length) Grow();
        records[Count++] = record;
        Pieces++;
        if (isOwn) Note(record.Id.Seq);
    }

    /// <summary>Adds an unreadable piece. A piece that is not handled is kept and counted, but gets no answer.</summary>
    public void AddUnreadable(in RejectedInput input, bool isOwn, bool isHandled)
    {
        (unreadable ??= []).Add(input);
        (places ??= []).Add(isHandled ? Count : -1);
        if (!isHandled) return;
        Pieces++;
        if (isOwn) Note(input.Seq);
    }

    /// <summary>Number of records before that unreadable piece; -1 if the piece gets no answer.</summary>
    public int PlaceOf(int unreadableIndex) => places![unreadableIndex];

    /// <summary>Returns the memory to the pool. Call only when the records are no longer read.</summary>
    public void Release()
    {
        if (records.Length > 0) ArrayPool<Record>.Shared.Return(records);
        records = [];
        Count = 0;
    }

    private void Note(long seq)
    {
        if (seq < 0) return;
        FirstSeq = Math.Min(FirstSeq, seq);
        LastSeq = Math.Max(LastSeq, seq);
    }

    private void Grow()
    {
        var larger = ArrayPool<Record>.Shared.Rent(Math.Max(16, records.Length * 2));
        records.AsSpan(0, Count).CopyTo(larger);
        if (records.Length > 0) ArrayPool<Record>.Shared.Return(records);
        records = larger;
    }
}
