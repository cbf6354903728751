namespace ActorTrading.Host.Backtesting.Jobs;

/// <summary>Consecutive blocks of the input. Reused after it is cleared.</summary>
internal sealed class Round(int length, int parts)
{
    private readonly RecordBlock[] blocks = [.. Enumerable.Range(0, length).Select(_ => new RecordBlock(parts))];
    private int count;

    public ReadOnlySpan<RecordBlock> Blocks => blocks.AsSpan(0, count);

    public bool IsFull => count == blocks.Length;

    /// <summary>Adds an empty block.</summary>
    public RecordBlock Add() => blocks[count++];

    public void Clear()
    {
        foreach (var block in Blocks) block.Clear();
        count = 0;
    }
}
