using ActorTrading.Domain.Calendars;

namespace ActorTrading.Calendars;

/// <summary>Observance of a day that falls on a weekend.</summary>
internal enum DayMove
{
    /// <summary>Not moved: there is no holiday.</summary>
    None,

    /// <summary>To the next free day.</summary>
    Forward,

    /// <summary>From a Sunday to the next free day; from a Saturday not moved.</summary>
    SundayForward,

    /// <summary>From a Saturday to Friday, from a Sunday to Monday.</summary>
    Nearest,

    /// <summary>To the last day before the weekend.</summary>
    Back,
}

/// <summary>Recurring days of a calendar: holidays, or half days with their close.</summary>
internal sealed record DayRule(DayPattern Day)
{
    /// <summary>The first year of the rule.</summary>
    public int? From { get; init; }

    /// <summary>The last year of the rule.</summary>
    public int? To { get; init; }

    /// <summary>The weekdays on which the rule applies; null for all.</summary>
    public IReadOnlyList<DayOfWeek>? On { get; init; }

    /// <summary>Observance on a weekend.</summary>
    public DayMove Moves { get; init; }

    /// <summary>The close on that day; null for a holiday.</summary>
    public TimeOfDay? Close { get; init; }

    /// <summary>The days of all rules, after moving. A day is free if it is not on a weekend and no other rule falls on it.</summary>
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
