using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Wire;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// What was read in one go: records in a pooled array, and pieces of input that made none. Goes to the reception, and back to
/// its session when that is done with it.
/// </summary>
internal sealed class IngestBatch
{
    /// <summary>What the lightest takes of a connection's room.</summary>
    public const int LeastWeight = PerBatch;

    private const int PerBatch = 64;

    private Record[] records = [];
    private List<RejectedInput>? unreadable;
    private List<int>? places;

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>What made no record, in its order.</summary>
    public IReadOnlyList<RejectedInput> Unreadable => (IReadOnlyList<RejectedInput>?)unreadable ?? [];

    /// <summary>Whether nothing was read.</summary>
    public bool IsEmpty => Count == 0 && unreadable is null;

    /// <summary>Records and unread pieces.</summary>
    public int Pieces { get; private set; }

    /// <summary>
    /// What it takes of a connection's room, in records: besides them, the batch itself and each piece of input
    /// that made none count as many.
    /// </summary>
    public int Weight => Count + (PerBatch * (1 + Unreadable.Count));

    /// <summary>The lowest seq of the connection's own source and epoch; the highest value where there is none.</summary>
    public long FirstSeq { get; private set; } = long.MaxValue;

    /// <summary>The highest such seq; -1 where there is none.</summary>
    public long LastSeq { get; private set; } = Identity.None;

    /// <summary>When it became the next to be handed over, by the clock of its connection.</summary>
    public long BegunAt { get; set; }

    /// <summary>Whether it waits for room on the disk or for its sender's quota, and not for the engine.</summary>
    public bool IsHeld { get; set; }

    /// <summary>What became of it; null until that is known.</summary>
    public IngestResult? Result { get; set; }

    /// <summary>The records, in their order.</summary>
    public ReadOnlyMemory<Record> Records => records.AsMemory(0, Count);

    /// <summary>Adds a record.</summary>
    public void Add(in Record record, bool isOwn)
    {
        if (Count == records.Length) Grow();
        records[Count++] = record;
        Pieces++;
        if (isOwn) Note(record.Id.Seq);
    }

    /// <summary>Adds a piece that made no record. One that is not handled is kept and counted, but no piece that is answered for.</summary>
    public void AddUnreadable(in RejectedInput input, bool isOwn, bool isHandled)
    {
        (unreadable ??= []).Add(input);
        (places ??= []).Add(isHandled ? Count : -1);
        if (!isHandled) return;
        Pieces++;
        if (isOwn) Note(input.Seq);
    }

    /// <summary>How many records stood before that piece that made none; -1 where it is not answered.</summary>
    public int PlaceOf(int unreadableIndex) => places![unreadableIndex];

    /// <summary>Gives the memory back. Only when nobody reads the records any more.</summary>
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
