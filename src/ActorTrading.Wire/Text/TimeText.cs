using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>Parser of a single time, such as an argument or a parameter.</summary>
public static class TimeText
{
    /// <summary>
    /// Parses a time in any format of docs/formats.md. <see cref="RejectReason.BadTime"/> if it is not a time or is ambiguous,
    /// <see cref="RejectReason.TimeAbsurd"/> if it is outside of 1677 to 2262.
    /// </summary>
    public static RejectReason TryParse(ReadOnlySpan<byte> text, InputZone zone, out long nanoseconds)
    {
        var verdict = new StampReader(new ParserOptions { Zone = zone }).Read(text, isQuoted: true, out var stamp);
        nanoseconds = stamp.Nanoseconds;
        return verdict;
    }
}
