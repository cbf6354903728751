namespace ActorTrading.Calendars;

/// <summary>Names of weekdays in calendars.</summary>
internal static class Weekdays
{
    /// <summary>All names, from <c>sunday</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<DayOfWeek>().Select(name => name.ToLowerInvariant())];

    /// <summary>The name in calendars.</summary>
    public static string Name(this DayOfWeek weekday) => Names[(int)weekday];

    /// <summary>Parses a name.</summary>
    public static bool TryParse(string text, out DayOfWeek weekday)
    {
        for (weekday = DayOfWeek.Sunday; weekday <= DayOfWeek.Saturday; weekday++)
        {
            if (weekday.Name() == text) return true;
        }

        return false;
    }
}
