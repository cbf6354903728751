using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Wire.Events;

/// <summary>
/// Codec of a symbol's deletion, as an event and as a snapshot, under the manifest <see cref="EventManifests.SymbolDeleted"/>. Layout:
/// docs/binary.md.
/// </summary>
public static class DeletionCodec
{
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
        NewestIdentities.Write(ref writer, deleted.Newest);

        writer.Close();
        return EventManifests.SymbolDeleted;
    }

    /// <summary>Reads a deletion.</summary>
    /// <returns>True if the payload is valid; otherwise <paramref name="error"/> has the reason and the position.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out SymbolDeleted? deleted, out CodecError error)
    {
        deleted = null;
        if (!PayloadSeal.TryOpen(EventManifests.SymbolDeleted, payload, out var content, out error)) return false;
        var symbol = SnapshotCodec.SymbolOf(content.ShortBytes());
        if (symbol is null) content.Fail(Faults.BadSymbol);
        var time = new Timestamp(content.Int64());
        var by = Encoding.UTF8.GetString(content.ShortBytes());
        var newest = NewestIdentities.Read(ref content);
        if (newest.Any(static id => id.Seq < 0)) content.Fail(Faults.OutOfRange);
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (content.Failed)
        {
            error = new(content.Position, content.Fault!);
            return false;
        }

        deleted = new SymbolDeleted(symbol!, time, by, newest);
        return true;
    }
}
