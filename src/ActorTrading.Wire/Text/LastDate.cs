using System.Buffers.Binary;

namespace ActorTrading.Wire.Text;

/// <summary>Cache of the last parsed date, such as <c>2024-07-09</c>: the next row usually has the same date.</summary>
internal struct LastDate
{
    private ulong first;
    private ushort last;
    private long midnight;

    /// <summary>
    /// Parses the date at the start of a text of ten bytes or more, to seconds from 1970 to its midnight; false if the text does not have
    /// that form. <paramref name="isDate"/> is false if the day does not exist.
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
