using System.Globalization;

namespace ActorTrading.Client.Records;

/// <summary>
/// A moment in UTC with nanosecond resolution, as the node uses. <see cref="DateTimeOffset"/> has a resolution of 100 ns.
/// </summary>
/// <param name="Nanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
public readonly record struct NanoTime(long Nanoseconds) : IComparable<NanoTime>
{
    private const int PerTick = 100;
    private const long PerSecond = 1_000_000_000;

    /// <summary>Converts a time without loss.</summary>
    /// <exception cref="OverflowException">The time is before 1677 or after 2262.</exception>
    public static implicit operator NanoTime(DateTimeOffset moment) =>
        new(checked((moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * PerTick));

    /// <summary>Converts the time, truncated to 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset() =>
        new(DateTimeOffset.UnixEpoch.UtcTicks + (long)Math.Floor(Nanoseconds / (decimal)PerTick), TimeSpan.Zero);

    /// <summary>Parses ISO 8601 in UTC, such as <c>2024-07-09T13:30:00.123456789Z</c>.</summary>
    /// <exception cref="FormatException">The text is not such a time.</exception>
    public static NanoTime Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var fraction = dot < 0 ? "" : text[(dot + 1)..].TrimEnd('Z');
        var whole = dot < 0 ? text : text[..dot] + "Z";
        if (!text.EndsWith('Z') || fraction.Length > 9 || (dot >= 0 && fraction.Length == 0)
            || fraction.Any(digit => !char.IsAsciiDigit(digit))
            || !DateTimeOffset.TryParseExact(
                whole, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var seconds))
            throw new FormatException($"'{text}' is not a time as written by a node");
        return new(((NanoTime)seconds).Nanoseconds + (
            fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(9, '0'), CultureInfo.InvariantCulture)));
    }

    /// <inheritdoc/>
    public int CompareTo(NanoTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Whether a moment is before another one.</summary>
    public static bool operator <(NanoTime left, NanoTime right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether a moment is after another one.</summary>
    public static bool operator >(NanoTime left, NanoTime right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether a moment is not after another one.</summary>
    public static bool operator <=(NanoTime left, NanoTime right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether a moment is not before another one.</summary>
    public static bool operator >=(NanoTime left, NanoTime right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>ISO 8601 in UTC, with as many decimals of a second as needed.</summary>
    public override string ToString()
    {
        var fraction = (int)(((Nanoseconds % PerSecond) + PerSecond) % PerSecond);
        var seconds = ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return fraction == 0 ? seconds + "Z" : $"{seconds}.{fraction.ToString("d9", CultureInfo.InvariantCulture).TrimEnd('0')}Z";
    }
}
