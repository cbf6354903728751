using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>The length of a bar. The numbers are part of the binary formats: never reuse one.</summary>
public enum Frame : byte
{
    /// <summary>No bar at all: every price on its own.</summary>
    Tick = 0,

    /// <summary>One second.</summary>
    OneSecond = 1,

    /// <summary>One minute.</summary>
    OneMinute = 2,

    /// <summary>Five minutes.</summary>
    FiveMinutes = 3,

    /// <summary>Fifteen minutes.</summary>
    FifteenMinutes = 4,

    /// <summary>One hour.</summary>
    OneHour = 5,

    /// <summary>One trading day of the calendar.</summary>
    OneDay = 6,
}

/// <summary>Names and lengths of frames. Each frame is a whole number of every smaller one.</summary>
public static class Frames
{
    /// <summary>All frames, from small to large.</summary>
    public static readonly IReadOnlyList<Frame> All =
    [
        Frame.Tick, Frame.OneSecond, Frame.OneMinute, Frame.FiveMinutes, Frame.FifteenMinutes, Frame.OneHour, Frame.OneDay,
    ];

    /// <summary>As plans and outputs spell it: <c>tick</c>, <c>1s</c>, <c>1min</c>, <c>5min</c>, <c>15min</c>, <c>1hour</c>, <c>1day</c>.</summary>
    public static string Name(this Frame frame) => frame switch
    {
        Frame.Tick => "tick",
        Frame.OneSecond => "1s",
        Frame.OneMinute => "1min",
        Frame.FiveMinutes => "5min",
        Frame.FifteenMinutes => "15min",
        Frame.OneHour => "1hour",
        Frame.OneDay => "1day",
        _ => throw new ArgumentOutOfRangeException(nameof(frame), frame, null),
    };

    /// <summary>Nanoseconds of a frame below a day. A day's length is the calendar's.</summary>
    public static long Length(this Frame frame) => frame switch
    {
        Frame.OneSecond => Timestamp.Second,
        Frame.OneMinute => Timestamp.Minute,
        Frame.FiveMinutes => 5 * Timestamp.Minute,
        Frame.FifteenMinutes => 15 * Timestamp.Minute,
        Frame.OneHour => Timestamp.Hour,
        _ => throw new ArgumentOutOfRangeException(nameof(frame), frame, null),
    };

    /// <summary>Whether the number is a frame.</summary>
    public static bool IsDefined(this Frame frame) => frame <= Frame.OneDay;

    /// <summary>Reads a frame's name.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Frame frame)
    {
        foreach (var candidate in All)
        {
            if (text.SequenceEqual(candidate.Name()))
            {
                frame = candidate;
                return true;
            }
        }

        frame = default;
        return false;
    }
}
