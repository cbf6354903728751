using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Cluster.Messages;

/// <summary>Binary codec of symbol directory messages.</summary>
internal static class DirectoryCodec
{
    private const int LeastEntry = 9;

    public static readonly MessageKind[] Kinds =
    [
        MessageKind.Of("m:census?1", WriteQuestion, (ref content) => new GetDirectory(content.Name(), content.Flag())),
        MessageKind.Of("m:census1", WritePage, ReadPage),
    ];

    private static void WriteQuestion(ref PayloadWriter writer, GetDirectory asked)
    {
        writer.Name(asked.After);
        writer.Flag(asked.IsHashed);
    }

    private static void WritePage(ref PayloadWriter writer, DirectoryPage page)
    {
        writer.Name(page.Last);
        writer.Number(page.Entries.Count);
        foreach (var entry in page.Entries) WriteEntry(ref writer, entry);
    }

    private static DirectoryPage ReadPage(ref ByteReader content)
    {
        var last = content.Name();
        var entries = new DirectoryEntry[content.Count(LeastEntry)];
        for (var i = 0; i < entries.Length; i++) entries[i] = ReadEntry(ref content);
        return new DirectoryPage(entries, last);
    }

    public static void WriteEntry(ref PayloadWriter writer, DirectoryEntry entry)
    {
        var summary = entry.Summary;
        writer.Symbol(summary.Symbol);
        writer.Number(entry.Events);
        writer.Signed(summary.LastPrice);
        writer.Signed(summary.LastTime.Nanoseconds);
        writer.Number(summary.Applied);
        writer.Number(summary.Late);
        writer.Number(summary.Signals);
        writer.StateHash(entry.Hash);
    }

    public static DirectoryEntry ReadEntry(ref ByteReader content)
    {
        var (symbol, events) = (content.Symbol(), content.Number());
        var summary = new SymbolSummary(
            symbol, content.Zigzag(), new Timestamp(content.Zigzag()), content.Number(), content.Number(), content.Number(), Partition: 0);
        return new DirectoryEntry(summary, events, content.StateHash());
    }
}
