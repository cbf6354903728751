using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>A time that stands alone, such as an argument or a parameter: the reader of stamps with an input of one value.</summary>
public static class TimeText
{
    /// <summary>
    /// Reads a time in any spelling of docs/formats.md: <see cref="RejectReason.BadTime"/> where it is none or could be two,
    /// <see cref="RejectReason.TimeAbsurd"/> where it is one outside of 1677 to 2262.
    /// </summary>
    public static RejectReason TryParse(ReadOnlySpan<byte> text, InputZone zone, out long nanoseconds)
    {
        var verdict = new StampReader(new ParserOptions { Zone = zone }).Read(text, isQuoted: true, out var stamp);
        nanoseconds = stamp.Nanoseconds;
        return verdict;
    }
}
