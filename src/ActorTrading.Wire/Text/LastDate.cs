using System.Buffers.Binary;

namespace ActorTrading.Wire.Text;

/// <summary>The date that was read last, as <c>2024-07-09</c>: that of the next row mostly.</summary>
internal struct LastDate
{
    private ulong first;
    private ushort last;
    private long midnight;

    /// <summary>
    /// Reads the date that a text of ten bytes or more begins with, as seconds from 1970 to its midnight; false where none
    /// is spelled so. <paramref name="isDate"/> is false where there is no such day.
    /// </summary>
    public bool TryRead(ReadOnlySpan<byte> text, out long seconds, out bool isDate)
    {
        var (start, end) = (BinaryPrimitives.ReadUInt64LittleEndian(text), BinaryPrimitives.ReadUInt16LittleEndian(text[8..]));
        isDate = true;
        seconds = midnight;
        if (start == first && end == last) return true;

        if (text[4] != '-' || text[7] != '-'
            || !DigitText.TryReadTwo(text, out var century)
            || !DigitText.TryReadTwo(text[2..], out var year)
            || !DigitText.TryReadTwo(text[5..], out var month)
            || !DigitText.TryReadTwo(text[8..], out var day)) return false;
        isDate = CivilDate.TryCompose((century * 100) + year, month, day, 0, out seconds);
        if (isDate) (first, last, midnight) = (start, end, seconds);
        return true;
    }
}
