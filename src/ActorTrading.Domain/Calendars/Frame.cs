using System.Globalization;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>
/// The length of a bar. Below a day, the number is the length in seconds, and every whole number of seconds is a frame; the named frames
/// are the most common ones. The numbers order frames by length. Codecs write <see cref="Frames.Code"/>, never this number.
/// </summary>
public enum Frame
{
    /// <summary>No bar: every price on its own. For an external bar: no frame, the bar is part of the smallest bar.</summary>
    Tick = 0,

    /// <summary>One second.</summary>
    OneSecond = 1,

    /// <summary>One minute.</summary>
    OneMinute = 60,

    /// <summary>Five minutes.</summary>
    FiveMinutes = 300,

    /// <summary>Fifteen minutes.</summary>
    FifteenMinutes = 900,

    /// <summary>One hour.</summary>
    OneHour = 3_600,

    /// <summary>One trading day of the calendar.</summary>
    OneDay = 86_400,

    /// <summary>The trading days of a week, Monday to Sunday.</summary>
    OneWeek = 7 * OneDay,

    /// <summary>The trading days of a calendar month.</summary>
    OneMonth = 31 * OneDay,
}

/// <summary>Names, lengths and codes of frames.</summary>
public static class Frames
{
    /// <summary>The code of a frame without a code of its own (see <see cref="Code"/>): its length in seconds follows.</summary>
    public const byte SecondsFollow = 7;

    /// <summary>The valid frames, for messages.</summary>
    public const string Expected = "tick, a whole number of s, min or hour below a day (as in 30s, 2min, 4hour), 1day, 1week or 1month";

    private static readonly (string Unit, int Seconds)[] Units = [("hour", 3_600), ("min", 60), ("s", 1)];

    // Frames by code. Part of the binary formats: never reuse a code.
    private static readonly Frame?[] Coded =
    [
        Frame.Tick, Frame.OneSecond, Frame.OneMinute, Frame.FiveMinutes, Frame.FifteenMinutes, Frame.OneHour, Frame.OneDay,
        null, Frame.OneWeek, Frame.OneMonth,
    ];

    /// <summary>The most common frames, small to large.</summary>
    public static readonly IReadOnlyList<Frame> Common =
    [
        Frame.Tick, Frame.OneSecond, Frame.OneMinute, Frame.FiveMinutes, Frame.FifteenMinutes, Frame.OneHour, Frame.OneDay,
        Frame.OneWeek, Frame.OneMonth,
    ];

    /// <summary>
    /// The name in plans and outputs, in the largest unit that fits: <c>tick</c>, <c>30s</c>, <c>90min</c>, <c>4hour</c>, <c>1week</c>.
    /// </summary>
    public static string Name(this Frame frame) => frame switch
    {
        Frame.Tick => "tick",
        Frame.OneSecond => "1s",
        Frame.OneMinute => "1min",
        Frame.FiveMinutes => "5min",
        Frame.FifteenMinutes => "15min",
        Frame.OneHour => "1hour",
        Frame.OneDay => "1day",
        Frame.OneWeek => "1week",
        Frame.OneMonth => "1month",
        _ when frame.IsIntraday() => Spell((int)frame),
        _ => throw new ArgumentOutOfRangeException(nameof(frame), frame, null),
    };

    /// <summary>Length of a frame below a day, in nanoseconds. The length of a larger frame depends on the calendar.</summary>
    public static long Length(this Frame frame) => frame.IsIntraday()
        ? (int)frame * Timestamp.Second
        : throw new ArgumentOutOfRangeException(nameof(frame), frame, null);

    /// <summary>Whether bars of the frame lie within a session.</summary>
    public static bool IsIntraday(this Frame frame) => frame is > Frame.Tick and < Frame.OneDay;

    /// <summary>Whether the number is a valid frame.</summary>
    public static bool IsDefined(this Frame frame) => frame is >= Frame.Tick and <= Frame.OneDay or Frame.OneWeek or Frame.OneMonth;

    /// <summary>Whether each bar of the larger frame is a whole number of bars of this frame, in every calendar.</summary>
    public static bool Divides(this Frame frame, Frame larger)
    {
        if (frame == Frame.Tick || larger < frame) return false;
        return larger < Frame.OneDay ? (int)larger % (int)frame == 0 : frame == larger || frame <= Frame.OneDay;
    }

    /// <summary>The largest frame that divides both.</summary>
    public static Frame CommonDivisor(Frame one, Frame other)
    {
        if (one.Divides(other)) return one;
        if (other.Divides(one)) return other;
        if (!one.IsIntraday() || !other.IsIntraday()) return Frame.OneDay;
        var (a, b) = ((int)one, (int)other);
        while (b != 0) (a, b) = (b, a % b);
        return (Frame)a;
    }

    /// <summary>
    /// The code of the frame in the binary formats; <see cref="SecondsFollow"/> if the frame has no code of its own. An invalid frame keeps
    /// the code from which it was read.
    /// </summary>
    public static byte Code(this Frame frame)
    {
        if (frame < Frame.Tick) return (byte)-(int)frame;
        var code = Array.IndexOf(Coded, frame);
        return code < 0 ? SecondsFollow : (byte)code;
    }

    /// <summary>The frame of a code other than <see cref="SecondsFollow"/>. For an unknown code it returns an invalid frame.</summary>
    public static Frame OfCode(byte code) => code < Coded.Length && Coded[code] is { } frame ? frame : (Frame)(-code);

    /// <summary>Parses a frame's name. Several spellings of one length are one frame.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Frame frame)
    {
        foreach (var candidate in Common)
        {
            if (!text.SequenceEqual(candidate.Name())) continue;
            frame = candidate;
            return true;
        }

        frame = default;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits < 1 || text[0] == '0'
            || !int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        foreach (var (unit, seconds) in Units)
        {
            if (!text[digits..].SequenceEqual(unit)) continue;
            frame = (Frame)Math.Min((long)count * seconds, int.MaxValue);
            return frame.IsIntraday();
        }

        frame = default;
        return false;
    }

    /// <summary>The error message for a text that is not a frame.</summary>
    internal static string ErrorFor(string text)
    {
        var nearest = Spelling.Nearest(text, [.. Common.Select(Name)]);
        return $"'{text}' is not a frame; {(nearest is null ? "a" : $"did you mean '{nearest}'? A")} frame is {Expected}";
    }

    private static string Spell(int seconds)
    {
        var (unit, length) = Array.Find(Units, unit => seconds % unit.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / length}{unit}");
    }
}
