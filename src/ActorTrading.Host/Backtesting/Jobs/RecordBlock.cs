using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Backtesting.Jobs;

/// <summary>
/// Consecutive records of the input, grouped by partition, with their outputs. Filled by one thread, then folded by several (one per
/// partition), then written by one. Its memory is reused.
/// </summary>
internal sealed class RecordBlock(int parts) : IRecordSink
{
    private const int FullAt = 4096;

    private readonly PartOfBlock[] ofParts = [.. Enumerable.Range(0, parts).Select(_ => new PartOfBlock())];
    private readonly List<BlockOutput> rejected = [];
    private readonly int[] emitted = new int[parts];
    private long[] lines = new long[FullAt];
    private int count;
    private ReadPosition position = new();

    /// <summary>The text to parse; null when it is parsed, or when the records needed no parsing.</summary>
    public LineBlock? Text { get; set; }

    /// <summary>The name of the file, or of the entry in an archive.</summary>
    public string Input { get; set; } = "";

    /// <summary>Whether the text was parsed separately.</summary>
    public bool IsParsed { get; set; }

    /// <summary>Whether further records go to the next block.</summary>
    public bool IsFull => count + rejected.Count >= FullAt;

    /// <summary>Clears the block, and returns the sink that fills it while the reader is at that position.</summary>
    public IRecordSink Begin(ReadPosition at, Timestamp latest)
    {
        Clear();
        position = at;
        return new ClockGuard(this, latest, at);
    }

    public void Clear()
    {
        count = 0;
        rejected.Clear();
        foreach (var part in ofParts) part.Clear();
    }

    public PartOfBlock Of(int part) => ofParts[part];

    public void OnRecord(in Record record)
    {
        if (count == lines.Length) Array.Resize(ref lines, 2 * count);
        lines[count] = position.Line;
        ofParts[(int)((record.Symbol.StableHash * (ulong)ofParts.Length) >> 32)].Add(record, count++);
    }

    public void OnRejected(in RejectedInput input) => rejected.Add(new BlockOutput(count, input));

    /// <summary>Writes the outputs in the order of the records. An unreadable piece comes before the record that followed it.</summary>
    public void Emit(BacktestOutput output, Ledger ledger)
    {
        Array.Clear(emitted);
        var next = 0;
        while (FirstPart() is var part && (part >= 0 || next < rejected.Count))
        {
            if (next < rejected.Count && (part < 0 || rejected[next].Record <= Next(part).Record))
            {
                var input = (RejectedInput)rejected[next++].What;
                ledger.AddRejected(input.Source);
                output.OnRejected(input with { File = Input });
            }
            else
            {
                Emit(Next(part), output);
                emitted[part]++;
            }
        }
    }

    private void Emit(in BlockOutput item, BacktestOutput output)
    {
        if (item.What is RejectedInput input) output.OnRejected(input with { File = Input, LineNumber = lines[item.Record] });
        else output.OnFolded(item.What);
    }

    private BlockOutput Next(int part) => ofParts[part].Output[emitted[part]];

    /// <summary>The partition with the earliest remaining output; -1 when there is none.</summary>
    private int FirstPart()
    {
        var first = -1;
        for (var part = 0; part < ofParts.Length; part++)
        {
            if (emitted[part] < ofParts[part].Output.Count && (first < 0 || Next(part).Record < Next(first).Record)) first = part;
        }

        return first;
    }
}
