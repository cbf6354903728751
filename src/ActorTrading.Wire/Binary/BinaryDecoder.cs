using System.Buffers.Binary;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Binary;

/// <summary>
/// Decoder of one stream of the binary ingest format; chunks may be cut anywhere. An error within a frame is rejected through the sink, and
/// the next frame is read. An error that hides the start of the next frame (wrong magic, impossible length, wrong checksum, end within a
/// frame) is damage: it is rejected once and nothing after it is read, because a guess could invent trades. Memory: at most one frame, plus
/// the names that the stream defines. No allocation per record. Not thread-safe; one decoder per stream.
/// </summary>
public sealed class BinaryDecoder
{
    private readonly IRecordSink sink;
    private readonly int maxFrame;
    private readonly BatchDecoder batches;
    private byte[] carry = new byte[256];
    private int carried;
    private bool begun;
    private long offset; // of the next undecoded byte

    /// <summary>Creates a decoder that delivers to the sink.</summary>
    /// <param name="maxFrame">Maximum size of a frame, in bytes after the length.</param>
    /// <param name="maxNames">Maximum number of symbols, and of sources, that the stream may define.</param>
    /// <param name="symbols">The table of known symbols, which streams can share; null for a table of its own.</param>
    /// <param name="sources">The table of known sources, which streams can share; null for a table of its own.</param>
    public BinaryDecoder(
        IRecordSink sink, int maxFrame = BinaryFormat.DefaultMaxFrame, int maxNames = BinaryFormat.DefaultMaxNames,
        SymbolTable? symbols = null, SourceTable? sources = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFrame, BinaryFormat.MinFrame);
        this.sink = sink;
        this.maxFrame = maxFrame;
        batches = new BatchDecoder(sink, maxNames, symbols ?? new(), sources ?? new());
    }

    /// <summary>Number of complete frames read.</summary>
    public long Frames { get; private set; }

    /// <summary>Whether the bytes read so far end within a frame, or within the magic.</summary>
    public bool IsWithinFrame => carried > 0;

    /// <summary>The damage; null while the stream is valid.</summary>
    public StreamDamage? Damage { get; private set; }

    /// <summary>Reads the next bytes. Returns false once the stream is damaged; the connection should then be closed.</summary>
    public bool Feed(ReadOnlySpan<byte> chunk)
    {
        while (Damage is null && !chunk.IsEmpty)
        {
            if (carried == 0)
            {
                chunk = chunk[Decode(chunk)..];
                if (Damage is not null) break;
                if (chunk.Length >= Wanted(chunk)) continue;
                Carry(chunk);
                break;
            }

            var missing = Wanted(carry.AsSpan(0, carried)) - carried;
            var part = chunk[..Math.Min(missing, chunk.Length)];
            Carry(part);
            chunk = chunk[part.Length..];
            if (carried < Wanted(carry.AsSpan(0, carried))) continue;
            Decode(carry.AsSpan(0, carried));
            carried = 0;
        }

        return Damage is null;
    }

    /// <summary>Ends the stream. Returns false if it is damaged; an end within a frame is damage.</summary>
    public bool Complete()
    {
        if (Damage is null && carried > 0)
            Break(
                RejectReason.Malformed, begun ? "the stream ends within a frame" : "the stream ends within its magic",
                carry.AsSpan(0, carried));
        return Damage is null;
    }

    /// <summary>Decodes complete frames; returns the number of bytes decoded.</summary>
    private int Decode(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        if (!begun)
        {
            if (bytes.Length < BinaryFormat.MagicSize || !CheckMagic(bytes[..BinaryFormat.MagicSize])) return 0;
            begun = true;
            used = Advance(BinaryFormat.MagicSize);
        }

        while (bytes.Length - used >= BinaryFormat.LengthSize)
        {
            var rest = bytes[used..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            if (!CheckLength(length, rest)) break;
            if (rest.Length - BinaryFormat.LengthSize < length) break;
            var frame = rest.Slice(BinaryFormat.LengthSize, (int)length);
            if (!Crc32C.Closes(frame))
            {
                Break(RejectReason.Malformed, Faults.BadChecksum, rest);
                break;
            }

            batches.Read(frame[..^Crc32C.Size], ++Frames, offset);
            used += Advance(BinaryFormat.LengthSize + (int)length);
        }

        return used;
    }

    /// <summary>Number of bytes needed to determine the length of the next item, or to complete it.</summary>
    private int Wanted(ReadOnlySpan<byte> bytes)
    {
        if (!begun) return BinaryFormat.MagicSize;
        if (bytes.Length < BinaryFormat.LengthSize) return BinaryFormat.LengthSize;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return length < BinaryFormat.MinFrame || length > maxFrame
            ? BinaryFormat.LengthSize
            : BinaryFormat.LengthSize + (int)length;
    }

    private bool CheckMagic(ReadOnlySpan<byte> magic)
    {
        if (magic.SequenceEqual(BinaryFormat.Magic)) return true;
        Break(
            RejectReason.Malformed,
            magic[..3].SequenceEqual(BinaryFormat.Magic[..3])
                ? "not version 1 of the binary format"
                : "not a binary stream: it does not start with ATB1",
            magic);
        return false;
    }

    private bool CheckLength(uint length, ReadOnlySpan<byte> rest)
    {
        if (length > maxFrame) Break(RejectReason.LineTooLong, $"a frame of {length} bytes, more than {maxFrame}", rest);
        else if (length < BinaryFormat.MinFrame)
            Break(RejectReason.Malformed, $"a frame of {length} bytes, less than {BinaryFormat.MinFrame}", rest);
        return Damage is null;
    }

    private void Carry(ReadOnlySpan<byte> bytes)
    {
        if (carry.Length - carried < bytes.Length)
            Array.Resize(ref carry, Math.Max(carried + bytes.Length, Math.Min(2 * carry.Length, BinaryFormat.LengthSize + maxFrame)));
        bytes.CopyTo(carry.AsSpan(carried));
        carried += bytes.Length;
    }

    private int Advance(int bytes)
    {
        offset += bytes;
        return bytes;
    }

    private void Break(RejectReason reason, string what, ReadOnlySpan<byte> bytes)
    {
        var frame = begun ? Frames + 1 : 0;
        var rejection = new Rejection(reason, "frame", $"byte {offset}: {what}");
        Damage = new StreamDamage(rejection, frame, offset);
        sink.OnRejected(new RejectedInput(Identity.Anonymous, frame, rejection, RawBytes.Excerpt(bytes)));
    }
}
