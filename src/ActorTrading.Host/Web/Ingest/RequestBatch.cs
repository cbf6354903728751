using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Wire;

namespace ActorTrading.Host.Web.Ingest;

/// <summary>Some records of a request, with the line of each, and what between them made none.</summary>
internal sealed class RequestBatch
{
    private Record[] records = [];
    private long[] lines = [];
    private readonly List<int> before = [];
    private int count;

    /// <summary>The records, in their order.</summary>
    public ReadOnlyMemory<Record> Records => records.AsMemory(0, count);

    /// <summary>What made no record.</summary>
    public List<RejectedInput> Unreadable { get; } = [];

    /// <summary>Records and pieces that made none.</summary>
    public int Pieces => count + Unreadable.Count;

    /// <summary>The line of a record; 0 where its format has none.</summary>
    public long LineOf(int index) => lines[index];

    public void Add(in Record record, long line)
    {
        if (count == records.Length) Grow();
        records[count] = record;
        lines[count++] = line;
    }

    /// <summary>How many records of the batch came before a piece that made none.</summary>
    public int RecordsBefore(int unreadable) => before[unreadable];

    public void AddUnreadable(in RejectedInput input)
    {
        Unreadable.Add(input);
        before.Add(count);
    }

    /// <summary>Gives the memory back. Only when the engine is done with it.</summary>
    public void Release()
    {
        if (records.Length > 0) ArrayPool<Record>.Shared.Return(records, clearArray: true);
        (records, lines, count) = ([], [], 0);
    }

    private void Grow()
    {
        var larger = ArrayPool<Record>.Shared.Rent(Math.Max(1, records.Length * 4));
        records.AsSpan(0, count).CopyTo(larger);
        if (records.Length > 0) ArrayPool<Record>.Shared.Return(records, clearArray: true);
        records = larger;
        Array.Resize(ref lines, larger.Length);
    }
}
