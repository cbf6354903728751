using System.Text;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Wire.Events;

/// <summary>
/// Codec of the newest record of each source within events: a count, then source, epoch and seq of each. Layout: docs/binary.md.
/// </summary>
internal static class NewestIdentities
{
    private const int MinIdentity = 4; // length, one character, epoch, seq

    public static void Write(ref PayloadWriter writer, IReadOnlyList<Identity> newest)
    {
        writer.To.Varint((ulong)newest.Count);
        foreach (var id in newest)
        {
            writer.Room(1 + Source.MaxLength + (2 * ByteWriter.MaxVarint));
            writer.To.ShortText(id.Source.Name);
            writer.To.Zigzag(id.Epoch);
            writer.To.Zigzag(id.Seq);
        }
    }

    public static Identity[] Read(ref ByteReader content)
    {
        var newest = new Identity[content.Count(MinIdentity)];
        for (var i = 0; i < newest.Length && !content.Failed; i++)
            newest[i] = new Identity(ReadSource(ref content), content.Zigzag(), content.Zigzag());
        return newest;
    }

    public static Source ReadSource(ref ByteReader content)
    {
        if (Source.TryParse(Encoding.Latin1.GetString(content.ShortBytes()), out var source)) return source;
        content.Fail(Faults.BadSource);
        return Source.Anonymous;
    }
}
