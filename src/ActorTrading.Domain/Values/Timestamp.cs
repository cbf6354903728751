using System.Globalization;

namespace ActorTrading.Domain.Values;

/// <summary>
/// A moment of exchange time: nanoseconds since 1970-01-01T00:00:00Z. Range 1677 to 2262.
/// </summary>
public readonly record struct Timestamp(long Nanoseconds) : IComparable<Timestamp>
{
    /// <summary>The earliest moment.</summary>
    public static readonly Timestamp MinValue = new(long.MinValue);

    /// <summary>The latest moment.</summary>
    public static readonly Timestamp MaxValue = new(long.MaxValue);

    /// <summary>Nanoseconds in a second.</summary>
    public const long Second = 1_000_000_000;

    /// <summary>Nanoseconds in a minute.</summary>
    public const long Minute = 60 * Second;

    /// <summary>Nanoseconds in an hour.</summary>
    public const long Hour = 60 * Minute;

    /// <summary>Nanoseconds in a day of 24 hours.</summary>
    public const long Day = 24 * Hour;

    /// <summary>The start of a UTC date.</summary>
    public static Timestamp OfDate(int year, int month, int day) =>
        new((new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * Day);

    /// <summary>The moment of a UTC date and time.</summary>
    public static Timestamp FromDateTime(DateTime utc) => new((utc.Ticks - DateTime.UnixEpoch.Ticks) * 100);

    /// <summary>Days since 1970-01-01, rounded down.</summary>
    public int DayNumber => (int)Math.DivRem(Nanoseconds - ModuloDay, Day).Quotient;

    private long ModuloDay => ((Nanoseconds % Day) + Day) % Day;

    /// <summary>The same moment, truncated to the 100 ns resolution of <see cref="DateTime"/>.</summary>
    public DateTime ToDateTime() => DateTime.UnixEpoch.AddTicks(Nanoseconds / 100);

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Whether one moment is before the other.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether one moment is after the other.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether one moment is not after the other.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether one moment is not before the other.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>ISO 8601 in UTC with 0, 3, 6 or 9 decimals, as needed.</summary>
    public override string ToString()
    {
        var remainder = ((Nanoseconds % Second) + Second) % Second;
        var text = DateTime.UnixEpoch.AddSeconds((Nanoseconds - remainder) / Second)
            .ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        if (remainder == 0) return text + "Z";
        if (remainder % 1_000_000 == 0) return $"{text}.{remainder / 1_000_000:d3}Z";
        return remainder % 1_000 == 0 ? $"{text}.{remainder / 1_000:d6}Z" : $"{text}.{remainder:d9}Z";
    }
}
