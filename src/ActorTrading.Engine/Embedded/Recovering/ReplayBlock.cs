using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Recovering;

/// <summary>Copies of some journal rows on their way from the thread that reads to the one that folds.</summary>
internal sealed class ReplayBlock
{
    private const int Size = 256 * 1024;

    private byte[] bytes = new byte[Size];
    private int length;

    public List<(HostedSymbol Symbol, long Ordering, long SequenceNumber, string Manifest, int SerializerId, int Start, int Length)> Rows { get; } = [];

    public bool HasRoom(int more) => length == 0 || length + more <= bytes.Length;

    public void Add(HostedSymbol symbol, in JournalRow row)
    {
        if (row.Payload.Length > bytes.Length - length) Array.Resize(ref bytes, length + row.Payload.Length);
        row.Payload.CopyTo(bytes.AsSpan(length));
        Rows.Add((symbol, row.Ordering, row.SequenceNumber, row.Manifest, row.SerializerId, length, row.Payload.Length));
        length += row.Payload.Length;
    }

    public ReadOnlySpan<byte> Payload(int start, int count) => bytes.AsSpan(start, count);

    public void Clear()
    {
        Rows.Clear();
        length = 0;
    }
}
