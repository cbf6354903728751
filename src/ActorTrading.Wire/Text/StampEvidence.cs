namespace ActorTrading.Wire.Text;

/// <summary>What the times at the beginning of an input could mean, gathered before any of it is read.</summary>
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

    /// <summary>Why the unit cannot be told; null where it can, or there are no numbers.</summary>
    public string? Ambiguity { get; private set; }

    /// <summary>Whether there are times that are numbers.</summary>
    public bool HasNumbers => numbers > 0;

    /// <summary>Whether there are times that are spelled and end with a digit, and so may name no zone.</summary>
    public bool HasLocalTimes { get; private set; }

    /// <summary>Whether there are dates that begin with day or month.</summary>
    public bool HasSlashes => slashed.Count > 0;

    /// <summary>Whether there are such dates, and each could be read either way.</summary>
    public bool IsOrderOpen => slashed.Count > 0 && slashed.TrueForAll(date => date is { First: <= 12, Second: <= 12 })
        && slashed.Exists(date => date.First != date.Second);

    /// <summary>Takes a time as text.</summary>
    public void AddText(ReadOnlySpan<byte> text)
    {
        if (!HasLocalTimes && !TimeNumber.TryParse(text, out _)) HasLocalTimes = IsLocal(text);
    }

    /// <summary>Whether a spelled time ends with a digit and so names no zone.</summary>
    public static bool IsLocal(ReadOnlySpan<byte> text) =>
        text.Length > 0 && text[^1] is >= (byte)'0' and <= (byte)'9' && text.LastIndexOfAny((byte)'+', (byte)'-') < 11;

    /// <summary>Takes a time that came as a number.</summary>
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

    /// <summary>Takes a date whose day or month comes first.</summary>
    public void AddSlashed(int first, int second, int year) => slashed.Add((first, second, year));

    /// <summary>The unit that most of the numbers are of; null where there are none, or none can be told from the others.</summary>
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

        // All before 1973: the unit that fits all of them, if only one does.
        var fitting = Enumerable.Range(1, 4).Where(unit => possible[unit] == numbers).ToList();
        if (fitting.Count == 1) return (TimeUnit)fitting[0];
        return fitting.Count == 0 ? null : Ambiguous();
    }

    /// <summary>
    /// What dates such as 01/05/2024 begin with: told by a number above twelve, else by the spacing, where one reading makes days
    /// that follow each other and the other makes months.
    /// </summary>
    public DateOrder Order()
    {
        if (slashed.Any(date => date.First > 12)) return slashed.Any(date => date.Second > 12) ? DateOrder.Unknown : DateOrder.DayFirst;
        if (slashed.Any(date => date.Second > 12)) return DateOrder.MonthFirst;
        var (days, months) = (CountSteps(date => (date.Second, date.First)), CountSteps(date => (date.First, date.Second)));
        return months > days ? DateOrder.MonthFirst : days > months ? DateOrder.DayFirst : DateOrder.Unknown;
    }

    /// <summary>How many neighbours are at most five days apart, read that way; those of the same date count for nothing.</summary>
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
            + "say with --time-unit which ones are right, and the others are refused";
        return null;
    }

    private TimeUnit? Ambiguous()
    {
        Ambiguity = $"its times can be read in more than one way, such as the first, {example.SpellAll()}: say which with --time-unit";
        return null;
    }
}
