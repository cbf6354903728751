namespace ActorTrading.Wire.Text;

/// <summary>Units of numeric times.</summary>
public enum TimeUnit : byte
{
    /// <summary>Seconds since 1970 UTC.</summary>
    Seconds = 1,

    /// <summary>Milliseconds since 1970 UTC.</summary>
    Milliseconds,

    /// <summary>Microseconds since 1970 UTC.</summary>
    Microseconds,

    /// <summary>Nanoseconds since 1970 UTC.</summary>
    Nanoseconds,

    /// <summary>The digits of a date, optionally with a time: <c>20240709</c>, <c>202407091100</c>, <c>20240709110000</c>.</summary>
    Calendar,

    /// <summary>Days since 1899-12-30, as in spreadsheets: <c>45482.4583</c>.</summary>
    Excel,
}

/// <summary>Names and lengths of units.</summary>
public static class TimeUnits
{
    /// <summary>All units, in the order of messages.</summary>
    public static IReadOnlyList<TimeUnit> All { get; } = Enum.GetValues<TimeUnit>();

    /// <summary>The name in options: <c>s</c>, <c>ms</c>, <c>us</c>, <c>ns</c>, <c>calendar</c>, <c>excel</c>.</summary>
    public static string Name(this TimeUnit unit) => unit switch
    {
        TimeUnit.Seconds => "s",
        TimeUnit.Milliseconds => "ms",
        TimeUnit.Microseconds => "us",
        TimeUnit.Nanoseconds => "ns",
        TimeUnit.Calendar => "calendar",
        _ => "excel",
    };

    /// <summary>Parses a unit's name.</summary>
    public static bool TryParse(string text, out TimeUnit unit)
    {
        foreach (var candidate in All)
        {
            if (!string.Equals(candidate.Name(), text, StringComparison.OrdinalIgnoreCase)) continue;
            unit = candidate;
            return true;
        }

        unit = default;
        return false;
    }

    /// <summary>Length of a unit that counts from 1970, in nanoseconds.</summary>
    internal static long Length(this TimeUnit unit) => unit switch
    {
        TimeUnit.Seconds => 1_000_000_000,
        TimeUnit.Milliseconds => 1_000_000,
        TimeUnit.Microseconds => 1_000,
        _ => 1,
    };
}
