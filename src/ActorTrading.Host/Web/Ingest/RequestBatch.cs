using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Wire;

namespace ActorTrading.Host.Web.Ingest;

/// <summary>A batch of records of a request, with their line numbers, and the unreadable pieces between them.</summary>
internal sealed class RequestBatch
{
    private Record[] records = [];
    private long[] lines = [];
    private readonly List<int> before = [];
    private int count;

    /// <summary>The records, in their order.</summary>
    public ReadOnlyMemory<Record> Records => records.AsMemory(0, count);

    /// <summary>The unreadable pieces.</summary>
    public List<RejectedInput> Unreadable { get; } = [];

    /// <summary>Number of records and unreadable pieces.</summary>
    public int Pieces => count + Unreadable.Count;

    /// <summary>The line number of a record; 0 when its format has no lines.</summary>
    public long LineOf(int index) => lines[index];

    public void Add(in Record record, long line)
    {
        if (count == records.Length) Grow();
        records[count] = record;
        lines[count++] = line;
    }

    /// <summary>Number of records of the batch before an unreadable piece.</summary>
    public int RecordsBefore(int unreadable) => before[unreadable];

    public void AddUnreadable(in RejectedInput input)
    {
        Unreadable.Add(input);
        before.Add(count);
    }

    /// <summary>Returns the memory to the pool. Call it only when the engine has finished with the batch.</summary>
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
