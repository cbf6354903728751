using System.Globalization;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Signals;

/// <summary>
/// Durations of exchange time in rules and plans: a whole number and a unit, <c>30s</c>, <c>10min</c>, <c>1hour</c>, <c>2days</c>; a day is
/// 24 hours. Range 1 s to 36,500 days.
/// </summary>
public static class Durations
{
    /// <summary>The longest duration, in nanoseconds.</summary>
    public const long Longest = 36_500 * Timestamp.Day;

    /// <summary>The format of a duration, for error messages.</summary>
    public const string Expected = "a whole number with s, min, hour or day, such as 30s, 10min, 1hour or 1day";

    private static readonly (string Unit, long Length)[] Units =
    [
        ("day", Timestamp.Day), ("hour", Timestamp.Hour), ("min", Timestamp.Minute), ("s", Timestamp.Second),
    ];

    /// <summary>Parses a duration to nanoseconds. A unit may be plural and may follow a blank.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        if (!int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;

        var word = text[digits..].TrimStart();
        foreach (var (unit, length) in Units)
        {
            if (!word.SequenceEqual(unit) && !(word.Length > 2 && word.SequenceEqual(unit + "s"))) continue;
            if (count == 0 || count > Longest / length) return false;
            nanoseconds = count * length;
            return true;
        }

        return false;
    }

    /// <summary>The canonical spelling of a whole number of seconds: in the largest unit that divides it.</summary>
    public static string Spell(long nanoseconds)
    {
        var (unit, length) = Units.First(u => nanoseconds % u.Length == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / length}{unit}");
    }
}
