using ActorTrading.Domain.Records;

namespace ActorTrading.Host.Backtesting.Jobs;

/// <summary>The records of a block that belong to one partition, with their indexes in the block and their outputs.</summary>
internal sealed class PartOfBlock
{
    private Record[] records = new Record[16];
    private long[] numbers = new long[16];
    private int count;

    public ReadOnlySpan<Record> Records => records.AsSpan(0, count);

    public ReadOnlySpan<long> Numbers => numbers.AsSpan(0, count);

    public List<BlockOutput> Output { get; } = [];

    public void Add(in Record record, int number)
    {
        if (count == records.Length)
        {
            Array.Resize(ref records, 2 * count);
            Array.Resize(ref numbers, 2 * count);
        }

        records[count] = record;
        numbers[count++] = number;
    }

    public void Clear()
    {
        count = 0;
        Output.Clear();
    }
}
