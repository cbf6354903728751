using System.Buffers;
using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;

namespace ActorTrading.Wire.Snapshots;

/// <summary>
/// Codec of a symbol's state for snapshot stores, under the manifest <see cref="EventManifests.Snapshot"/>. The Domain writes the state as
/// bytes. Layout: docs/binary.md.
/// </summary>
public static class SnapshotCodec
{
    /// <summary>The length of a plan's hash, in bytes.</summary>
    public const int PlanHashSize = 32;

    /// <summary>Writes a snapshot.</summary>
    /// <exception cref="ArgumentException">The length of the hash is not <see cref="PlanHashSize"/> bytes, or the sequence number is
    /// negative.</exception>
    public static void Encode(
        ReadOnlySpan<byte> planHash, Symbol symbol, long sequenceNr, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        if (planHash.Length != PlanHashSize) throw new ArgumentException($"A plan's hash has {PlanHashSize} bytes.", nameof(planHash));
        ArgumentOutOfRangeException.ThrowIfNegative(sequenceNr);
        var writer = new PayloadWriter(output, EventManifests.Snapshot);
        writer.Room(1 + PlanHashSize + 1 + Symbol.MaxLength + (2 * ByteWriter.MaxVarint));
        writer.To.Byte(EventManifests.Version);
        writer.To.Bytes(planHash);
        writer.To.ShortText(symbol.Name);
        writer.To.Varint((ulong)sequenceNr);
        writer.To.Varint((ulong)body.Length);
        writer.Room(body.Length);
        writer.To.Bytes(body);
        writer.Close();
    }

    /// <summary>Reads a snapshot of any plan.</summary>
    /// <returns>True if the payload is valid; otherwise <paramref name="error"/> has the reason and the position.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out SnapshotEnvelope snapshot, out CodecError error)
    {
        snapshot = default;
        if (!PayloadSeal.TryOpen(EventManifests.Snapshot, payload, out var content, out error)) return false;
        var planHash = content.Bytes(PlanHashSize);
        var at = content.Position;
        var symbol = SymbolOf(content.ShortBytes());
        if (symbol is null && !content.Failed)
        {
            error = new(at, Faults.BadSymbol);
            return false;
        }

        var sequenceNr = content.Varint();
        if (sequenceNr > long.MaxValue) content.Fail(Faults.OutOfRange);
        var body = content.Bytes(content.Count(1));
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (content.Failed)
        {
            error = new(content.Position, content.Fault!);
            return false;
        }

        snapshot = new SnapshotEnvelope(planHash, symbol!, (long)sequenceNr, body);
        return true;
    }

    internal static Symbol? SymbolOf(ReadOnlySpan<byte> name)
    {
        if (name.Length > Symbol.MaxLength) return null;
        var text = Encoding.UTF8.GetString(name);
        if (text == Symbol.Economy.Name) return Symbol.Economy;
        return Symbol.TryParse(text, out var symbol) ? symbol : null;
    }
}
