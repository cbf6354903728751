using System.Buffers.Binary;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Binary;

/// <summary>
/// Reads one stream of the binary ingest format, in chunks cut anywhere. What is wrong within a frame is refused
/// through the sink and the next frame is read; what leaves it unclear where the next frame begins (wrong magic,
/// impossible length, checksum, an end in mid-frame) is damage: it is refused once, and nothing after it is read,
/// because a guess could invent trades. Memory: at most one frame, plus the names that the stream defines. No
/// allocation per record. One decoder per stream, one thread at a time.
/// </summary>
public sealed class BinaryDecoder
{
    private readonly IRecordSink sink;
    private readonly int maxFrame;
    private readonly BatchDecoder batches;
    private byte[] carry = new byte[256];
    private int carried;
    private bool begun;
    private long offset; // of the next byte that is not part of a decoded frame

    /// <summary>A decoder that fills the sink.</summary>
    /// <param name="maxFrame">The longest frame taken, in bytes after the length.</param>
    /// <param name="maxNames">How many symbols, and how many sources, the stream may define.</param>
    /// <param name="symbols">The symbols seen so far, which streams may share; its own when null.</param>
    /// <param name="sources">The sources seen so far, which streams may share; its own when null.</param>
    public BinaryDecoder(
        IRecordSink sink, int maxFrame = BinaryFormat.DefaultMaxFrame, int maxNames = BinaryFormat.DefaultMaxNames,
        SymbolTable? symbols = null, SourceTable? sources = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFrame, BinaryFormat.MinFrame);
        this.sink = sink;
        this.maxFrame = maxFrame;
        batches = new BatchDecoder(sink, maxNames, symbols ?? new(), sources ?? new());
    }

    /// <summary>How many whole frames have been read.</summary>
    public long Frames { get; private set; }

    /// <summary>Whether the bytes read so far end within a frame, or within the magic.</summary>
    public bool IsWithinFrame => carried > 0;

    /// <summary>Why the stream ended early; null while it is sound.</summary>
    public StreamDamage? Damage { get; private set; }

    /// <summary>Reads the next bytes; false once the stream is damaged, when the connection is best closed.</summary>
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

    /// <summary>Says that no more bytes will come; false when the stream is damaged, which one cut off in a frame is.</summary>
    public bool Complete()
    {
        if (Damage is null && carried > 0)
            Break(
                RejectReason.Malformed, begun ? "the stream ends within a frame" : "the stream ends within its magic",
                carry.AsSpan(0, carried));
        return Damage is null;
    }

    /// <summary>Decodes what is whole; returns how many bytes that was.</summary>
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

    /// <summary>How many bytes the item that begins here needs before it says more, or is whole.</summary>
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
                : "no binary stream: it does not start with ATB1",
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
