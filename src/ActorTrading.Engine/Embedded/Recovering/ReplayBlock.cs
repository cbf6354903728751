using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Recovering;

/// <summary>Copies of journal rows, passed from the reading thread to a folding thread.</summary>
internal sealed class ReplayBlock
{
    private const int Size = 256 * 1024;

    private readonly List<Copy> copies = [];
    private byte[] bytes = new byte[Size];
    private int length;

    /// <summary>The number of rows.</summary>
    public int Count => copies.Count;

    public bool HasRoom(int more) => length == 0 || length + more <= bytes.Length;

    public void Add(HostedSymbol symbol, in JournalRow row)
    {
        if (row.Payload.Length > bytes.Length - length) Array.Resize(ref bytes, length + row.Payload.Length);
        row.Payload.CopyTo(bytes.AsSpan(length));
        copies.Add(new Copy(symbol, row.Ordering, row.SequenceNumber, row.Manifest, row.SerializerId, length, row.Payload.Length));
        length += row.Payload.Length;
    }

    public HostedSymbol SymbolAt(int index) => copies[index].Symbol;

    public JournalRow RowAt(int index)
    {
        var copy = copies[index];
        return new JournalRow
        {
            Ordering = copy.Ordering, SequenceNumber = copy.SequenceNumber, Manifest = copy.Manifest, SerializerId = copy.SerializerId,
            Payload = bytes.AsSpan(copy.Start, copy.Length),
        };
    }

    public void Clear()
    {
        copies.Clear();
        length = 0;
    }

    private readonly record struct Copy(
        HostedSymbol Symbol, long Ordering, long SequenceNumber, string Manifest, int SerializerId, int Start, int Length);
}
