using System.Buffers.Binary;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// Parses the first frame between two nodes, from which only the caller's port is needed. A frame of Akka.Remote is a length of four bytes
/// (little endian) and a protobuf message: AkkaProtocolMessage.instruction (2) . handshakeInfo (2) . origin (1) . port (3).
/// </summary>
internal static class AssociateFrame
{
    /// <summary>An upper bound for the length of such a frame.</summary>
    public const int MaxLength = 4_096;

    /// <summary>Reads the port that identifies the caller; 0 for another kind of frame. False while bytes are missing.</summary>
    public static bool TryReadPort(ReadOnlySpan<byte> bytes, out int port)
    {
        port = 0;
        if (bytes.Length < 4) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < 0 or > MaxLength - 4) return true;
        if (bytes.Length < 4 + length) return false;
        var message = bytes.Slice(4, length);
        port = (int)Number(Within(Within(Within(message, 2), 2), 1), 3);
        return true;
    }

    /// <summary>The embedded message in a field of a message; empty when there is none.</summary>
    private static ReadOnlySpan<byte> Within(ReadOnlySpan<byte> message, int field)
    {
        while (TryNext(ref message, out var found, out _, out var content))
        {
            if (found == field) return content;
        }

        return default;
    }

    private static ulong Number(ReadOnlySpan<byte> message, int field)
    {
        while (TryNext(ref message, out var found, out var number, out _))
        {
            if (found == field) return number;
        }

        return 0;
    }

    private static bool TryNext(scoped ref ReadOnlySpan<byte> message, out int field, out ulong number, out ReadOnlySpan<byte> content)
    {
        (field, number) = (0, 0);
        content = default;
        if (!TryVarint(ref message, out var tag)) return false;
        field = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                return TryVarint(ref message, out number);
            case 1 when message.Length >= 8:
                message = message[8..];
                return true;
            case 2 when TryVarint(ref message, out var length) && length <= (ulong)message.Length:
                content = message[..(int)length];
                message = message[(int)length..];
                return true;
            default:
                return false;
        }
    }

    private static bool TryVarint(scoped ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var i = 0; i < message.Length && i < 10; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] > 0x7F) continue;
            message = message[(i + 1)..];
            return true;
        }

        return false;
    }
}
