using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Files;

/// <summary>
/// Infers the frame of bars without one from their times: bars that are whole days apart, always at the same time of day, are daily, weekly
/// or monthly. A difference of exactly one hour is a change to or from summer time.
/// </summary>
internal sealed class BarSteps
{
    private const long Hour = Timestamp.Hour;
    private const long Day = Timestamp.Day;
    private const int LeastSteps = 3;
    private const int Monday = 1;
    private const int Friday = 5;

    private readonly Dictionary<Symbol, long> last = [];
    private readonly HashSet<int> weekdays = []; // weekdays of the times in UTC, Sunday is 0
    private readonly HashSet<int> monthDays = [];
    private readonly HashSet<int> nextMonthDays = [];
    private bool isOfDays = true;
    private long? first;
    private long least;
    private long most;
    private int steps;
    private int shortSteps; // up to four days: over a weekend with a holiday
    private int singles;
    private int weeks;
    private int months;

    /// <summary>Whether all are whole days apart, and some are.</summary>
    public bool IsOfDays => isOfDays && steps > 0;

    /// <summary>The frame; null if a shorter frame is possible. Two midnights are stronger evidence than two other times of day.</summary>
    /// <param name="isMidnight">Whether all times are midnights as written.</param>
    public Frame? FrameOf(bool isMidnight) => this switch
    {
        { IsOfDays: false } => null,
        _ when steps >= LeastSteps && singles > 0 && shortSteps * 2 >= steps => Domain.Calendars.Frame.OneDay,
        _ when (isMidnight || IsMidnight) && shortSteps * 2 >= steps => Domain.Calendars.Frame.OneDay,
        _ when steps >= LeastSteps && weeks == steps => Domain.Calendars.Frame.OneWeek,
        _ when steps >= LeastSteps && months == steps && (IsFirstOfMonth(monthDays) || IsFirstOfMonth(nextMonthDays)) =>
            Domain.Calendars.Frame.OneMonth,
        _ => null,
    };

    private bool IsMidnight => least == most && first!.Value % Day == 0;

    /// <summary>The earliest time of day, in UTC.</summary>
    public TimeSpan TimeOfDay => TimeSpan.FromTicks((((first!.Value % Day) + Day + least) % Day) / 100);

    /// <summary>
    /// The time from the bars' times to midnight of the date that they mean: zero if it is their UTC date, up to half a day if they are
    /// midnights east of Greenwich; null if both are possible. The days without bars, which are weekends, decide it.
    /// </summary>
    public long? BeforeMidnight
    {
        get
        {
            var time = TimeOfDay.Ticks * 100;
            if (time < Day / 2) return 0;
            var isOfDate = weekdays.All(day => day is >= Monday and <= Friday);
            var isOfNext = weekdays.All(day => day is >= Monday - 1 and <= Friday - 1);
            return isOfDate == isOfNext ? null : isOfDate ? 0 : Day - time;
        }
    }

    /// <summary>A zone in which the times are midnights: <c>UTC+08</c>.</summary>
    public string ZoneOfMidnights
    {
        get
        {
            var ahead = TimeSpan.FromDays(1) - TimeOfDay;
            return string.Create(CultureInfo.InvariantCulture, $"UTC+{ahead.Hours:00}{(ahead.Minutes == 0 ? "" : $":{ahead.Minutes:00}")}");
        }
    }

    /// <summary>Adds a bar.</summary>
    public void Add(in Record bar)
    {
        var nanoseconds = Within(bar.Time);
        var hasBefore = last.TryGetValue(bar.Symbol, out var before);
        last[bar.Symbol] = nanoseconds;
        var start = first ??= nanoseconds;
        var apart = OffWholeDays(nanoseconds - start);
        least = Math.Min(least, apart);
        most = Math.Max(most, apart);
        if (most - least > Hour || apart % Hour != 0) isOfDays = false;
        if (!isOfDays) return;
        var date = DateTime.UnixEpoch.AddTicks(nanoseconds / 100);
        weekdays.Add((int)date.DayOfWeek);
        monthDays.Add(date.Day);
        nextMonthDays.Add(date.AddDays(1).Day);
        if (hasBefore && before != nanoseconds) AddStep(Math.Abs(nanoseconds - before));
    }

    private void AddStep(long length)
    {
        var days = (length + (Day / 2)) / Day;
        if (days == 0) isOfDays = false;
        steps++;
        if (days == 1) singles++;
        if (days <= 4) shortSteps++;
        if (days == 7) weeks++;
        if (days is >= 28 and <= 31) months++;
    }

    private static bool IsFirstOfMonth(HashSet<int> days) => days is { Count: 1 } && days.Contains(1);

    /// <summary>The time limited to 1824 to 2116, so that the difference of two does not overflow.</summary>
    private static long Within(Timestamp time) => Math.Clamp(time.Nanoseconds, long.MinValue / 2, long.MaxValue / 2);

    /// <summary>The distance of a duration from the nearest whole number of days.</summary>
    private static long OffWholeDays(long length)
    {
        var rest = ((length % Day) + Day) % Day;
        return rest > Day / 2 ? rest - Day : rest;
    }
}
