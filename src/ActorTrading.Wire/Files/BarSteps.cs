using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Files;

/// <summary>
/// What the times of bars say of their frame, where they name none: those that are whole days apart, always at the same
/// time of day, are daily, weekly or monthly. An hour more or less, to the second, is a change of clocks.
/// </summary>
internal sealed class BarSteps
{
    private const long Hour = Timestamp.Hour;
    private const long Day = Timestamp.Day;
    private const int LeastSteps = 3;
    private const int Monday = 1;
    private const int Friday = 5;

    private readonly Dictionary<Symbol, long> last = [];
    private readonly HashSet<int> weekdays = []; // of the stamps in UTC, Sunday is 0
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

    /// <summary>The frame; null where it may be a shorter one. Two midnights tell more than two other times of day.</summary>
    /// <param name="isMidnight">Whether all are midnights as they were written.</param>
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

    /// <summary>The time of day of the earliest, in UTC.</summary>
    public TimeSpan TimeOfDay => TimeSpan.FromTicks((((first!.Value % Day) + Day + least) % Day) / 100);

    /// <summary>
    /// How far the times are before midnight of the date that they mean: nothing where that is their date in UTC, up to
    /// half a day where they are midnights east of Greenwich; null where they may be either. The days without bars tell
    /// it, which are weekends.
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

    /// <summary>The zone whose midnights the times may be: <c>UTC+08</c>.</summary>
    public string ZoneOfMidnights
    {
        get
        {
            var ahead = TimeSpan.FromDays(1) - TimeOfDay;
            return string.Create(CultureInfo.InvariantCulture, $"UTC+{ahead.Hours:00}{(ahead.Minutes == 0 ? "" : $":{ahead.Minutes:00}")}");
        }
    }

    /// <summary>Takes a bar.</summary>
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

    /// <summary>A time so near that the distance of two is no overflow: from 1824 to 2116.</summary>
    private static long Within(Timestamp time) => Math.Clamp(time.Nanoseconds, long.MinValue / 2, long.MaxValue / 2);

    /// <summary>How far a length is from the nearest whole number of days.</summary>
    private static long OffWholeDays(long length)
    {
        var rest = ((length % Day) + Day) % Day;
        return rest > Day / 2 ? rest - Day : rest;
    }
}
