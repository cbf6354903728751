using ActorTrading.Wire.Bytes;

namespace ActorTrading.Wire.Binary;

/// <summary>
/// The binary ingest format: the magic <c>ATB1</c>, then frames. A frame is its length (4 bytes, little-endian,
/// counting what follows), a type byte, the payload, and the CRC-32C of type and payload. Layout: docs/binary.md.
/// </summary>
public static class BinaryFormat
{
    /// <summary>The largest frame that a decoder takes unless told otherwise, in bytes after the length.</summary>
    public const int DefaultMaxFrame = 1 << 20;

    /// <summary>How many symbols or sources one stream may define unless told otherwise.</summary>
    public const int DefaultMaxNames = 1_000_000;

    /// <summary>The longest text of a record, in characters.</summary>
    public const int MaxTextLength = RecordBody.MaxTextLength;

    /// <summary>What a stream starts with: three letters and the version.</summary>
    public static ReadOnlySpan<byte> Magic => "ATB1"u8;

    internal const int MagicSize = 4;
    internal const int LengthSize = sizeof(uint);

    /// <summary>The smallest frame: a type and a checksum.</summary>
    internal const int MinFrame = 1 + Crc32C.Size;

    /// <summary>The fewest bytes of a row: head, time, price, size; or length, kind, head, time, mask.</summary>
    internal const int MinTickRow = 4;
    internal const int MinRecordRow = 5;
}
