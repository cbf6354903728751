namespace ActorTrading.Wire.Text;

/// <summary>Collects the possible meanings of the times at the beginning of an input, before it is read.</summary>
internal sealed class StampEvidence
{
    private readonly int[] strong = new int[5];
    private readonly int[] possible = new int[5];
    private readonly TimeNumber[] examples = new TimeNumber[5];
    private readonly List<(int First, int Second, int Year)> slashed = [];
    private int numbers;
    private int calendarCertain;
    private int calendarPossible;
    private TimeNumber example;

    /// <summary>The reason why the unit is ambiguous; null if it is not, or if there are no numbers.</summary>
    public string? Ambiguity { get; private set; }

    /// <summary>Whether there are numeric times.</summary>
    public bool HasNumbers => numbers > 0;

    /// <summary>Whether there are written times that end with a digit, and so may have no zone.</summary>
    public bool HasLocalTimes { get; private set; }

    /// <summary>Whether there are dates with the day or the month first.</summary>
    public bool HasSlashes => slashed.Count > 0;

    /// <summary>Whether there are such dates, and all of them are ambiguous.</summary>
    public bool IsOrderOpen => slashed.Count > 0 && slashed.TrueForAll(date => date is { First: <= 12, Second: <= 12 })
        && slashed.Exists(date => date.First != date.Second);

    /// <summary>Adds a time as text.</summary>
    public void AddText(ReadOnlySpan<byte> text)
    {
        if (!HasLocalTimes && !TimeNumber.TryParse(text, out _)) HasLocalTimes = IsLocal(text);
    }

    /// <summary>Whether a written time ends with a digit and so has no zone.</summary>
    public static bool IsLocal(ReadOnlySpan<byte> text) =>
        text.Length > 0 && text[^1] is >= (byte)'0' and <= (byte)'9' && text.LastIndexOfAny((byte)'+', (byte)'-') < 11;

    /// <summary>Adds a numeric time.</summary>
    public void Add(in TimeNumber number)
    {
        example = numbers++ == 0 ? number : example;
        var calendar = number.Calendar();
        if (calendar == CalendarReading.Certain) calendarCertain++;
        else if (calendar == CalendarReading.Possible) calendarPossible++;
        for (var unit = TimeUnit.Seconds; unit <= TimeUnit.Nanoseconds; unit++)
        {
            if (number.IsStrong(unit) && strong[(int)unit]++ == 0) examples[(int)unit] = number;
            if (number.IsPossible(unit)) possible[(int)unit]++;
        }
    }

    /// <summary>Adds a date with the day or the month first.</summary>
    public void AddSlashed(int first, int second, int year) => slashed.Add((first, second, year));

    /// <summary>The unit of most of the numbers; null if there are no numbers or the unit is ambiguous.</summary>
    public TimeUnit? Unit()
    {
        Ambiguity = null;
        if (numbers == 0) return null;
        if (calendarCertain > 0 && (calendarCertain + calendarPossible) * 10 >= numbers * 9) return TimeUnit.Calendar;
        if (calendarPossible == numbers) return Ambiguous();
        var most = strong.Max();
        if (most > 0)
        {
            var (first, last) = (Array.IndexOf(strong, most), Array.LastIndexOf(strong, most));
            return first == last ? (TimeUnit)first : Mixed(first, last);
        }

        // All times are before 1973: use the unit that fits all of them, if there is only one.
        var fitting = Enumerable.Range(1, 4).Where(unit => possible[unit] == numbers).ToList();
        if (fitting.Count == 1) return (TimeUnit)fitting[0];
        return fitting.Count == 0 ? null : Ambiguous();
    }

    /// <summary>
    /// Whether the day or the month is first in dates such as 01/05/2024. Decided by a number above twelve; otherwise by the spacing, if
    /// one reading gives consecutive days and the other gives months.
    /// </summary>
    public DateOrder Order()
    {
        if (slashed.Any(date => date.First > 12)) return slashed.Any(date => date.Second > 12) ? DateOrder.Unknown : DateOrder.DayFirst;
        if (slashed.Any(date => date.Second > 12)) return DateOrder.MonthFirst;
        var (days, months) = (CountSteps(date => (date.Second, date.First)), CountSteps(date => (date.First, date.Second)));
        return months > days ? DateOrder.MonthFirst : days > months ? DateOrder.DayFirst : DateOrder.Unknown;
    }

    /// <summary>Number of neighbours that are at most five days apart in that reading; equal dates are not counted.</summary>
    private int CountSteps(Func<(int First, int Second, int Year), (int Month, int Day)> read)
    {
        var count = 0;
        long? before = null;
        foreach (var date in slashed)
        {
            var (month, day) = read(date);
            if (!CivilDate.TryCompose(date.Year, month, day, 0, out var seconds)) return -1;
            if (before is { } last && last != seconds && Math.Abs(last - seconds) <= 5 * 86_400) count++;
            before = seconds;
        }

        return count;
    }

    private TimeUnit? Mixed(int one, int other)
    {
        var spelled = ((int[])[one, other]).Select(
            unit => $"{examples[unit]} ({examples[unit].Spell((TimeUnit)unit)} in {((TimeUnit)unit).Name()})");
        Ambiguity = $"its times are of several units, such as {string.Join(" and ", spelled)}: "
            + "set --time-unit to the right one; times of the others are rejected";
        return null;
    }

    private TimeUnit? Ambiguous()
    {
        Ambiguity = $"its times are ambiguous, such as the first, {example.SpellAll()}: set --time-unit";
        return null;
    }
}
