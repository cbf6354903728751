using ActorTrading.Wire.Bytes;

namespace ActorTrading.Wire.Binary;

/// <summary>
/// The binary ingest format: the magic <c>ATB1</c>, then frames. A frame consists of its length (4 bytes, little-endian, without itself), a
/// type byte, the payload, and the CRC-32C of type and payload. Layout: docs/binary.md.
/// </summary>
public static class BinaryFormat
{
    /// <summary>Default maximum size of a frame, in bytes after the length.</summary>
    public const int DefaultMaxFrame = 1 << 20;

    /// <summary>Default maximum number of symbols, and of sources, that one stream may define.</summary>
    public const int DefaultMaxNames = 1_000_000;

    /// <summary>Maximum length of a text field, in characters.</summary>
    public const int MaxTextLength = RecordBody.MaxTextLength;

    /// <summary>The first bytes of a stream: three letters and the version.</summary>
    public static ReadOnlySpan<byte> Magic => "ATB1"u8;

    internal const int MagicSize = 4;
    internal const int LengthSize = sizeof(uint);

    /// <summary>The smallest frame: a type and a checksum.</summary>
    internal const int MinFrame = 1 + Crc32C.Size;

    /// <summary>Minimum bytes of a row: head, time, price, size; or length, kind, head, time, mask.</summary>
    internal const int MinTickRow = 4;
    internal const int MinRecordRow = 5;
}
