using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Backtesting.Jobs;

/// <summary>
/// Records that follow each other in the input, by the part of the market that folds them, and what came out of them.
/// Filled by one thread, then folded by several, each of its part, then put out by one. Its memory is used again.
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

    /// <summary>The text to be parsed; null where it is parsed, or the records came as such.</summary>
    public LineBlock? Text { get; set; }

    /// <summary>The file, or the part of an archive.</summary>
    public string Input { get; set; } = "";

    /// <summary>Whether the text was parsed on its own.</summary>
    public bool IsParsed { get; set; }

    /// <summary>Whether records that come as such go to the next block.</summary>
    public bool IsFull => count + rejected.Count >= FullAt;

    /// <summary>Empties it, and gives the sink that fills it while a reader is at that position.</summary>
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

    /// <summary>
    /// Puts out what came of it, in the order of its records; what made no record before the record that followed it.
    /// </summary>
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

    /// <summary>The part with the output of the earliest record; -1 where there is none left.</summary>
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
