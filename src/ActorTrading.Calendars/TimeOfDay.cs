using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorTrading.Calendars;

/// <summary>Local time of day: seconds since midnight, from 00:00 to 24:00.</summary>
internal readonly partial record struct TimeOfDay(int Seconds) : IComparable<TimeOfDay>
{
    public const string Expected = "a time of day such as 09:30, 09:30:15 or 24:00";

    /// <summary>Parses <c>HH:mm</c> or <c>HH:mm:ss</c>; null if the text is not a time.</summary>
    public static TimeOfDay? Parse(string text)
    {
        var match = Spelling().Match(text);
        if (!match.Success) return null;
        var seconds = (Part("h") * 3_600) + (Part("m") * 60) + Part("s");
        return seconds <= 86_400 ? new TimeOfDay(seconds) : null;

        int Part(string name) =>
            match.Groups[name] is { Success: true } part ? int.Parse(part.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
    }

    /// <inheritdoc/>
    public int CompareTo(TimeOfDay other) => Seconds.CompareTo(other.Seconds);

    /// <inheritdoc/>
    public override string ToString()
    {
        var minutes = string.Create(CultureInfo.InvariantCulture, $"{Seconds / 3_600:00}:{Seconds / 60 % 60:00}");
        return Seconds % 60 == 0 ? minutes : string.Create(CultureInfo.InvariantCulture, $"{minutes}:{Seconds % 60:00}");
    }

    [GeneratedRegex("^(?<h>[0-9]{2}):(?<m>[0-5][0-9])(:(?<s>[0-5][0-9]))?$")]
    private static partial Regex Spelling();
}
