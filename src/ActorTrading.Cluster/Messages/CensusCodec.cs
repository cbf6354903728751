using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Cluster.Messages;

/// <summary>The bytes of symbols as they are counted, within a message; see <see cref="MessageCodec"/>.</summary>
internal static class CensusCodec
{
    private const int MaxSymbol = 1 + Symbol.MaxLength;
    private const int LeastEntry = 9;

    public static void Write(ref PayloadWriter writer, CensusPage page)
    {
        writer.Room(MaxSymbol + ByteWriter.MaxVarint);
        writer.To.ShortAscii(page.Last);
        writer.To.Varint((ulong)page.Entries.Count);
        foreach (var entry in page.Entries) Write(ref writer, entry);
    }

    public static CensusPage ReadPage(ref ByteReader content)
    {
        var last = System.Text.Encoding.ASCII.GetString(content.ShortBytes());
        var entries = new List<CensusEntry>();
        for (var left = content.Count(LeastEntry); left > 0 && !content.Failed; left--) entries.Add(ReadEntry(ref content));
        return new CensusPage(entries, last);
    }

    public static void Write(ref PayloadWriter writer, CensusEntry entry)
    {
        var summary = entry.Summary;
        writer.Room(MaxSymbol + (6 * ByteWriter.MaxVarint));
        writer.To.ShortAscii(summary.Symbol.Name);
        writer.To.Varint((ulong)entry.Events);
        writer.To.Zigzag(summary.LastPrice);
        writer.To.Zigzag(summary.LastTime.Nanoseconds);
        writer.To.Varint((ulong)summary.Applied);
        writer.To.Varint((ulong)summary.Late);
        writer.To.Varint((ulong)summary.Signals);
        LookCodec.WriteHash(ref writer, entry.Hash);
    }

    public static CensusEntry ReadEntry(ref ByteReader content)
    {
        var symbol = SnapshotCodec.SymbolOf(content.ShortBytes());
        if (symbol is null) content.Fail(Faults.BadSymbol);
        var events = (long)content.Varint();
        return new CensusEntry(
            new SymbolSummary(
                symbol ?? Symbol.Economy, content.Zigzag(), new Timestamp(content.Zigzag()), (long)content.Varint(), (long)content.Varint(), (long)content.Varint(), Partition: 0),
            events, LookCodec.ReadHash(ref content));
    }
}
