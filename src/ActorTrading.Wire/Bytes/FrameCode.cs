using ActorTrading.Domain.Calendars;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// A frame in the binary formats: its code (see <see cref="Frames.Code"/>), and its seconds as a varint where the code says so. What is no
/// frame survives as its code.
/// </summary>
internal static class FrameCode
{
    /// <summary>The most bytes that a frame takes.</summary>
    public const int MaxLength = 4;

    /// <summary>Writes a frame.</summary>
    public static void Frame(this ref ByteWriter to, Frame frame)
    {
        var code = frame.Code();
        to.Byte(code);
        if (code == Frames.SecondsFollow) to.Varint((ulong)frame);
    }

    /// <summary>Reads a frame; fails where the seconds are not the length of one.</summary>
    public static Frame Frame(this ref ByteReader from)
    {
        var code = from.Byte();
        if (code != Frames.SecondsFollow) return Frames.OfCode(code);
        var seconds = from.Varint();
        if (seconds is > 0 and < (ulong)Domain.Calendars.Frame.OneDay) return (Frame)seconds;
        from.Fail(Faults.OutOfRange);
        return Domain.Calendars.Frame.Tick;
    }
}
