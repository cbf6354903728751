namespace ActorTrading.Host.Backtesting.Jobs;

/// <summary>Some blocks that follow each other in the input. Used again when it is cleared.</summary>
internal sealed class Round(int length, int parts)
{
    private readonly RecordBlock[] blocks = [.. Enumerable.Range(0, length).Select(_ => new RecordBlock(parts))];
    private int count;

    public ReadOnlySpan<RecordBlock> Blocks => blocks.AsSpan(0, count);

    public bool IsFull => count == blocks.Length;

    /// <summary>The next block; it is empty.</summary>
    public RecordBlock Add() => blocks[count++];

    public void Clear()
    {
        foreach (var block in Blocks) block.Clear();
        count = 0;
    }
}
