using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Wire.Events;

/// <summary>
/// Puts the deletion of a symbol into the payload that the journal keeps under the manifest <see cref="EventManifests.SymbolDeleted"/>, as an event and as a
/// snapshot, and takes it out again. Layout: docs/binary.md.
/// </summary>
public static class DeletionCodec
{
    private const int MinIdentity = 4; // length, one character, epoch, seq

    /// <summary>Writes a deletion; returns its manifest.</summary>
    public static string Encode(SymbolDeleted deleted, IBufferWriter<byte> output)
    {
        var by = deleted.By.Length > SymbolDeleted.MaxName ? deleted.By[..SymbolDeleted.MaxName] : deleted.By;
        var writer = new PayloadWriter(output, EventManifests.SymbolDeleted);
        writer.Room(1 + (2 * 2) + Symbol.MaxLength + sizeof(long) + Encoding.UTF8.GetByteCount(by) + ByteWriter.MaxVarint);
        writer.To.Byte(EventManifests.Version);
        writer.To.ShortText(deleted.Symbol.Name);
        writer.To.Int64(deleted.Time.Nanoseconds);
        writer.To.ShortText(by);
        writer.To.Varint((ulong)deleted.Newest.Count);
        foreach (var id in deleted.Newest)
        {
            writer.Room(1 + Source.MaxLength + (2 * ByteWriter.MaxVarint));
            writer.To.ShortText(id.Source.Name);
            writer.To.Zigzag(id.Epoch);
            writer.To.Zigzag(id.Seq);
        }

        writer.Close();
        return EventManifests.SymbolDeleted;
    }

    /// <summary>Reads a deletion.</summary>
    /// <returns>Whether it was sound; if not, <paramref name="error"/> says why and where.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out SymbolDeleted? deleted, out CodecError error)
    {
        deleted = null;
        if (!PayloadSeal.TryOpen(EventManifests.SymbolDeleted, payload, out var content, out error)) return false;
        var symbol = SnapshotCodec.SymbolOf(content.ShortBytes());
        if (symbol is null) content.Fail(Faults.BadSymbol);
        var time = new Timestamp(content.Int64());
        var by = Encoding.UTF8.GetString(content.ShortBytes());
        var newest = new Identity[content.Count(MinIdentity)];
        for (var i = 0; i < newest.Length && !content.Failed; i++) newest[i] = ReadIdentity(ref content);
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (content.Failed)
        {
            error = new(content.Position, content.Fault!);
            return false;
        }

        deleted = new SymbolDeleted(symbol!, time, by, newest);
        return true;
    }

    private static Identity ReadIdentity(ref ByteReader content)
    {
        if (!Source.TryParse(Encoding.Latin1.GetString(content.ShortBytes()), out var source)) content.Fail(Faults.BadSource);
        var id = new Identity(source ?? Source.Anonymous, content.Zigzag(), content.Zigzag());
        if (id.Seq < 0) content.Fail(Faults.OutOfRange);
        return id;
    }
}
