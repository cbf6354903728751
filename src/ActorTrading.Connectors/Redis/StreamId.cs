using System.Globalization;

namespace ActorTrading.Connectors.Redis;

/// <summary>The id of a stream entry, <c>milliseconds-counter</c>. The ids of a stream only increase.</summary>
internal readonly record struct StreamId(ulong Milliseconds, ulong Counter) : IComparable<StreamId>
{
    /// <summary>Number of sequence numbers per millisecond: the last six digits.</summary>
    public const int PerMillisecond = 1_000_000;

    private const ulong MaxMilliseconds = (ulong)(long.MaxValue / PerMillisecond) - 1;

    /// <summary>Less than every id.</summary>
    public static readonly StreamId Zero;

    /// <summary>Parses an id.</summary>
    /// <exception cref="FormatException">The text is not an id.</exception>
    public static StreamId Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && TryRead(text.AsSpan(0, dash), out var milliseconds) && TryRead(text.AsSpan(dash + 1), out var counter)
            ? new StreamId(milliseconds, counter)
            : throw new FormatException($"'{text}' is not the id of a stream entry");
    }

    /// <summary>
    /// The sequence number of the id, in the same order: <c>milliseconds * 1,000,000 + counter</c>. If a message may have several records,
    /// each counter uses as many of the million as that, and the number counts messages.
    /// </summary>
    /// <returns>False if it does not fit: a counter of a million or more, or a time after the year 2262.</returns>
    public bool TrySequence(int perMessage, out long number)
    {
        var counters = (ulong)(PerMillisecond / perMessage);
        var fits = Milliseconds <= MaxMilliseconds && Counter < counters;
        number = fits ? (long)((Milliseconds * counters) + Counter) : 0;
        return fits;
    }

    /// <inheritdoc/>
    public int CompareTo(StreamId other)
    {
        var order = Milliseconds.CompareTo(other.Milliseconds);
        return order != 0 ? order : Counter.CompareTo(other.Counter);
    }

    public static bool operator <(StreamId left, StreamId right) => left.CompareTo(right) < 0;

    public static bool operator >(StreamId left, StreamId right) => left.CompareTo(right) > 0;

    public static bool operator <=(StreamId left, StreamId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StreamId left, StreamId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds}-{Counter}");

    private static bool TryRead(ReadOnlySpan<char> text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
