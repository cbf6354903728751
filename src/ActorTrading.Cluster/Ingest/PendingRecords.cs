using System.Buffers;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Cluster.Ingest;

/// <summary>
/// Records of one symbol for one message, in a pooled array, with their submissions. Changed only under the window's lock.
/// </summary>
internal sealed class PendingRecords(ArrayPool<Record> arrays)
{
    private readonly List<Run> runs = []; // without the last
    private Run last;
    private Record[] records = [];
    private int[] places = [];
    private int usual = 16; // size of the last message: a symbol's messages are similar in size

    public int Count { get; private set; }

    /// <summary>Whether a record has other units than its instrument, so that it may have been rounded.</summary>
    public bool HasOtherUnits { get; set; }

    /// <summary>The records in the order of the message.</summary>
    public ReadOnlyMemory<Record> Records => records.AsMemory(0, Count);

    /// <summary>Index of a record in its submission.</summary>
    public int PlaceOf(int index) => places[index];

    /// <summary>Prefetches the memory of the next record.</summary>
    public void PrefetchPlace()
    {
        if (Count == records.Length) return;
        CacheLines.Prefetch(ref records[Count]);
        CacheLines.Prefetch(ref places[Count]);
    }

    public void Add(in Record record, ClusterSubmission submission, int place)
    {
        if (Count == records.Length) Grow();
        records[Count] = record;
        places[Count++] = place;
        if (last.Submission != submission || last.Source != record.Id.Source)
        {
            if (last.Count > 0) runs.Add(last);
            last = new Run(submission, record.Id.Source, 0);
        }

        last.Count++;
    }

    /// <summary>Consecutive records with the same submission and source.</summary>
    public List<Run> Runs()
    {
        if (last.Count > 0) runs.Add(last);
        last = default;
        return runs;
    }

    /// <summary>Removes all records.</summary>
    /// <param name="isArrayFree">Whether the array can return to the pool: no copy of the message may still use it.</param>
    public void Clear(bool isArrayFree)
    {
        if (isArrayFree && records.Length > 0) arrays.Return(records);
        if (places.Length > 0) ArrayPool<int>.Shared.Return(places);
        (records, places, usual) = ([], [], Math.Max(16, Count));
        runs.Clear();
        last = default;
        HasOtherUnits = false;
        Count = 0;
    }

    private void Grow()
    {
        var size = records.Length > 0 ? records.Length * 2 : usual;
        records = Moved(records, arrays.Rent(size), arrays);
        places = Moved(places, ArrayPool<int>.Shared.Rent(records.Length), ArrayPool<int>.Shared);
    }

    private T[] Moved<T>(T[] from, T[] to, ArrayPool<T> pool)
    {
        from.AsSpan(0, Count).CopyTo(to);
        if (from.Length > 0) pool.Return(from);
        return to;
    }

    /// <summary>Consecutive records of one submission and one source.</summary>
    public record struct Run(ClusterSubmission Submission, Source Source, int Count);
}
