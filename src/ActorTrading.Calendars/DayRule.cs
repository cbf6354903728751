using ActorTrading.Domain.Calendars;

namespace ActorTrading.Calendars;

/// <summary>Where a day goes that falls on a weekend.</summary>
internal enum DayMove
{
    /// <summary>Nowhere: it is lost.</summary>
    None,

    /// <summary>To the next day that is free.</summary>
    Forward,

    /// <summary>To the next day that is free from a Sunday; from a Saturday nowhere.</summary>
    SundayForward,

    /// <summary>To Friday from a Saturday, to Monday from a Sunday.</summary>
    Nearest,

    /// <summary>To the last day before the weekend.</summary>
    Back,
}

/// <summary>Days of a calendar that recur: holidays, or half days with their close.</summary>
internal sealed record DayRule(DayPattern Day)
{
    /// <summary>The first year of which it holds.</summary>
    public int? From { get; init; }

    /// <summary>The last year of which it holds.</summary>
    public int? To { get; init; }

    /// <summary>The weekdays on which it holds; null for all.</summary>
    public IReadOnlyList<DayOfWeek>? On { get; init; }

    /// <summary>What becomes of it on a weekend.</summary>
    public DayMove Moves { get; init; }

    /// <summary>When trading ends on that day; null for a holiday.</summary>
    public TimeOfDay? Close { get; init; }

    /// <summary>
    /// The days of all rules, moved. A day is free if it is no day of a weekend and no other rule falls on it.
    /// </summary>
    public static Dictionary<int, DayRule> Place(
        IEnumerable<DayRule> rules, IReadOnlyCollection<DayOfWeek> weekend, int firstYear, int lastYear)
    {
        var placed = new Dictionary<int, DayRule>();
        List<(DateOnly Day, DayRule Rule)> moving = [];
        foreach (var rule in rules)
        {
            for (var year = Math.Max(firstYear, rule.From ?? firstYear); year <= Math.Min(lastYear, rule.To ?? lastYear); year++)
            {
                foreach (var day in rule.Day.In(year))
                {
                    if (rule.On?.Contains(day.DayOfWeek) == false) continue;
                    if (rule.MovesFrom(day, weekend)) moving.Add((day, rule));
                    else placed.TryAdd(day.SinceEpoch(), rule);
                }
            }
        }

        foreach (var (day, rule) in moving.OrderBy(one => one.Day))
        {
            var step = rule.Moves == DayMove.Back || (rule.Moves == DayMove.Nearest && day.DayOfWeek == DayOfWeek.Saturday) ? -1 : 1;
            var to = day;
            while (weekend.Contains(to.DayOfWeek) || (rule.Moves != DayMove.Nearest && placed.ContainsKey(to.SinceEpoch())))
                to = to.AddDays(step);
            placed.TryAdd(to.SinceEpoch(), rule);
        }

        return placed;
    }

    private bool MovesFrom(DateOnly day, IReadOnlyCollection<DayOfWeek> weekend) =>
        Moves != DayMove.None && weekend.Contains(day.DayOfWeek) && (Moves != DayMove.SundayForward || day.DayOfWeek == DayOfWeek.Sunday);
}
