using ActorTrading.Domain.Calendars;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// Codec of a frame in the binary formats: its code (see <see cref="Frames.Code"/>), followed by its seconds as a varint if the code
/// requires it. An invalid frame keeps its code.
/// </summary>
internal static class FrameCode
{
    /// <summary>Maximum length of a frame, in bytes.</summary>
    public const int MaxLength = 4;

    /// <summary>Writes a frame.</summary>
    public static void Frame(this ref ByteWriter to, Frame frame)
    {
        var code = frame.Code();
        to.Byte(code);
        if (code == Frames.SecondsFollow) to.Varint((ulong)frame);
    }

    /// <summary>Reads a frame; fails if the seconds are not the length of a frame.</summary>
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
