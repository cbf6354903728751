using ActorTrading.Domain.Calendars;

namespace ActorTrading.Calendars;

/// <summary>Compiles a definition into the UTC intervals of each trading day from 1900 to 2199.</summary>
internal sealed class CalendarCompiler
{
    private const int FirstYear = 1900;
    private const int LastYear = 2199;

    private readonly CalendarDefinition definition;
    private readonly LocalClock clock;
    private readonly IReadOnlyList<DayOfWeek> weekend;
    private readonly Dictionary<int, DayRule> holidays;
    private readonly Dictionary<int, DayRule> halfDays;
    private readonly Dictionary<int, IReadOnlyList<SessionHours>> specialDays;

    private CalendarCompiler(CalendarDefinition definition)
    {
        this.definition = definition;
        clock = new LocalClock(TimeZones.Find(definition.Zone!)!);
        weekend = definition.Weekend ?? [DayOfWeek.Saturday, DayOfWeek.Sunday];
        holidays = Place([.. definition.Holidays ?? [], .. definition.AlsoClosed ?? []]);
        halfDays = Place(definition.HalfDays ?? []);
        specialDays = (definition.SpecialDays ?? []).ToDictionary(day => day.Key.SinceEpoch(), day => day.Value);
    }

    /// <summary>Compiles a definition whose keys are complete.</summary>
    /// <exception cref="ArgumentException">Sessions overlap.</exception>
    public static SessionCalendar Compile(CalendarDefinition definition, string name, string json)
    {
        var compiler = new CalendarCompiler(definition);
        var first = new DateOnly(FirstYear, 1, 1).SinceEpoch();
        var last = new DateOnly(LastYear, 12, 31).SinceEpoch();
        var dates = Enumerable.Range(first, last - first + 1);
        var fingerprint = $"tz {TimeZones.Version} {CalendarWriter.Write(definition)}";
        var origin = new CalendarOrigin(name, json, fingerprint, definition.Auction?.Conditions ?? []) { Zone = definition.Zone! };
        return new SessionCalendar(origin, dates.SelectMany(compiler.SessionsOf), first, dates.Append(last + 1).Select(compiler.Midnight));
    }

    private Dictionary<int, DayRule> Place(IReadOnlyList<DayRule> rules) => DayRule.Place(rules, weekend, FirstYear, LastYear);

    private IEnumerable<TradingSession> SessionsOf(int date)
    {
        var hours = HoursOf(date).ToList();
        for (var i = 0; i < hours.Count; i++)
        {
            var (open, close) = hours[i];
            if (i < hours.Count - 1 || definition.Auction is not { } auction) yield return new(date, open, close, close);
            else
            {
                yield return new(
                    date, open, close + (auction.Conditions.Count > 0 ? auction.Grace : auction.Within), close + auction.Within);
            }
        }
    }

    private IEnumerable<(long Open, long Close)> HoursOf(int date)
    {
        if (specialDays.TryGetValue(date, out var special)) return special.Select(hours => IntervalOf(date, hours));
        var day = YearDays.FromEpoch(date);
        if (weekend.Contains(day.DayOfWeek) || holidays.ContainsKey(date)) return [];
        var intervals = definition.Sessions!
            .Where(hours => !(day < hours.From) && !(day > hours.To))
            .Select(hours => IntervalOf(date, hours));
        if (!halfDays.TryGetValue(date, out var half)) return intervals;
        var end = At(date, half.Close!.Value);
        return intervals.Where(session => session.Open < end).Select(session => (session.Open, Math.Min(session.Close, end)));
    }

    private (long Open, long Close) IntervalOf(int date, SessionHours hours)
    {
        var opens = hours.IsOverMidnight && definition.IsNamedByOpen != true ? date - 1 : date;
        return (At(opens, hours.Open), At(hours.IsOverMidnight ? opens + 1 : opens, hours.Close));
    }

    private long Midnight(int date) => At(date, default);

    private long At(int date, TimeOfDay time) => clock.At(date, time.Seconds);
}
