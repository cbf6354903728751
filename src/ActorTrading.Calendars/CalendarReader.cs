using System.Text.Json;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Calendars;

/// <summary>Reads a calendar from a JSON object and reports all errors.</summary>
internal sealed class CalendarReader(ICollection<PlanError> errors)
{
    private const int MaxConditions = 100;
    private const int MaxSessions = 50;

    private static readonly string[] CalendarKeys =
        ["base", "zone", "weekend", "sessions", "date", "closing_auction", "holidays", "also_closed", "half_days", "special_days"];

    private static readonly string[] RuleKeys = ["day", "from", "to", "on", "moves"];
    private static readonly (string Name, DayMove Move)[] Moves =
        [("forward", DayMove.Forward), ("sunday_forward", DayMove.SundayForward), ("nearest", DayMove.Nearest), ("back", DayMove.Back)];

    private readonly PlanJson json = new(errors);

    /// <summary>The name of a move.</summary>
    public static string NameOf(DayMove move) => Array.Find(Moves, known => known.Move == move).Name;

    /// <summary>Reads the definition; null if there is an error.</summary>
    public CalendarDefinition? Read(JsonElement element, string path)
    {
        var before = errors.Count;
        var said = new CalendarDefinition();
        foreach (var (key, value, keyPath) in json.Keys(element, path, CalendarKeys))
        {
            said = key switch
            {
                "base" => said with { Base = json.OneOf(value, keyPath, "calendar", VenueCalendars.Names, name => name) },
                "zone" => said with { Zone = ReadZone(value, keyPath) },
                "weekend" => said with { Weekend = ReadWeekdays(value, keyPath) },
                "sessions" => said with { Sessions = ReadSessions(value, keyPath, areDated: true) },
                "date" => said with { IsNamedByOpen = json.OneOf(value, keyPath, "answer", ["close", "open"], answer => answer) == "open" },
                "closing_auction" => said with { Auction = ReadAuction(value, keyPath) },
                "holidays" => said with { Holidays = ReadRules(value, keyPath, areHalf: false) },
                "also_closed" => said with { AlsoClosed = ReadRules(value, keyPath, areHalf: false) },
                "half_days" => said with { HalfDays = ReadRules(value, keyPath, areHalf: true) },
                _ => said with { SpecialDays = ReadSpecialDays(value, keyPath) },
            };
        }

        if (errors.Count == before && said.Base is null && (said.Zone is null || said.Sessions is null))
        {
            json.Fail(path, "a calendar without a base needs a zone and sessions, as in "
                + """{"zone": "Europe/Oslo", "sessions": [{"open": "09:00", "close": "16:20"}]}""");
        }

        return errors.Count == before ? said : null;
    }

    private string? ReadZone(JsonElement element, string path)
    {
        if (json.Text(element, path, "a time zone such as Asia/Tokyo") is not { } name) return null;
        if (TimeZones.Find(name) is not null) return name;
        var nearest = Spelling.Nearest(name, [.. TimeZones.Names]);
        json.Fail(
            path,
            $"'{name}' is not a time zone of the tz database {TimeZones.Version}{(nearest is null ? "" : $"; did you mean '{nearest}'?")}");
        return null;
    }

    private List<DayOfWeek>? ReadWeekdays(JsonElement element, string path)
    {
        var days = json.ReadList(element, path, "saturday", (item, itemPath) =>
            json.OneOf(item, itemPath, "weekday", Weekdays.Names, name => name) is { } name && Weekdays.TryParse(name, out var weekday)
                ? new Listed<DayOfWeek>(weekday, name, itemPath)
                : null);
        if (days is null) return null;
        json.RefuseRepeated(days, listed => listed.Text);
        if (days.Count == 7) json.Fail(path, "at least one day of the week must not be listed here");
        return [.. days.Select(listed => listed.Value).Order()];
    }

    private List<SessionHours>? ReadSessions(JsonElement element, string path, bool areDated)
    {
        var sessions = json.ReadList(element, path, """{"open": "09:00", "close": "17:30"}""", (item, itemPath) =>
            ReadHours(item, itemPath, areDated) is { } hours ? new Listed<SessionHours>(hours, itemPath, itemPath) : null);
        if (sessions is not null && element.GetArrayLength() is 0 or > MaxSessions)
            json.Fail(path, $"1 to {MaxSessions} sessions are expected");
        return sessions is null ? null : [.. sessions.Select(listed => listed.Value)];
    }

    private SessionHours? ReadHours(JsonElement element, string path, bool areDated)
    {
        if (!json.IsObject(element, path, """a session such as {"open": "09:00", "close": "17:30"}""")) return null;
        var before = errors.Count;
        TimeOfDay? open = null, close = null;
        DateOnly? from = null, to = null;
        foreach (var (key, value, keyPath) in json.Keys(element, path, areDated ? ["open", "close", "from", "to"] : ["open", "close"]))
        {
            switch (key)
            {
                case "open": open = ReadTimeOfDay(value, keyPath); break;
                case "close": close = ReadTimeOfDay(value, keyPath); break;
                case "from": from = ReadDate(value, keyPath); break;
                default: to = ReadDate(value, keyPath); break;
            }
        }

        if (errors.Count > before) return null;
        if (open is { } opens && close is { } closes) return new SessionHours(opens, closes) { From = from, To = to };
        json.Fail(path, """a session needs 'open' and 'close', as in {"open": "09:00", "close": "17:30"}""");
        return null;
    }

    private ClosingAuction? ReadAuction(JsonElement element, string path)
    {
        const string Example = """{"within": "5min"} or {"within": "10min", "grace": "5s", "conditions": ["6"]}""";
        if (!json.IsObject(element, path, $"a closing auction such as {Example}")) return null;
        var before = errors.Count;
        long? within = null;
        var grace = 0L;
        List<string> conditions = [];
        foreach (var (key, value, keyPath) in json.Keys(element, path, ["within", "grace", "conditions"]))
        {
            switch (key)
            {
                case "within": within = ReadDuration(value, keyPath); break;
                case "grace": grace = ReadDuration(value, keyPath) ?? 0; break;
                default: conditions = ReadConditions(value, keyPath) ?? []; break;
            }
        }

        if (errors.Count > before) return null;
        if (within is not { } length)
            json.Fail(path, $"a closing auction needs 'within', the time after the close in which its prints arrive, as in {Example}");
        else if (grace > length) json.Fail(path, "'grace' must not be longer than 'within'");
        else if (grace > 0 && conditions.Count == 0)
            json.Fail(path, "'grace' needs 'conditions'; without them every print within the time counts");
        else return new ClosingAuction(length, grace, conditions);
        return null;
    }

    private List<string>? ReadConditions(JsonElement element, string path)
    {
        var conditions = json.ReadList(element, path, "6", (item, itemPath) =>
            json.Text(item, itemPath, "a sale condition such as 6") is { } text ? new Listed<string>(text, text, itemPath) : null);
        if (conditions is null) return null;
        json.RefuseRepeated(conditions, listed => listed.Text);
        if (conditions.Count is 0 or > MaxConditions || conditions.Any(listed => listed.Text.Trim().Length == 0))
            json.Fail(path, $"1 to {MaxConditions} sale conditions are expected, none of them empty");
        return [.. conditions.Select(listed => listed.Text.Trim())];
    }

    private List<DayRule>? ReadRules(JsonElement element, string path, bool areHalf)
    {
        var example = areHalf ? """{"day": "12-24", "close": "12:30"}""" : "12-25";
        var rules = json.ReadList(element, path, example, (item, itemPath) =>
        {
            var rule = areHalf || item.ValueKind == JsonValueKind.Object ? ReadRule(item, itemPath, areHalf) : ReadBareDay(item, itemPath);
            return rule is null ? null : new Listed<DayRule>(rule, rule.Day.Text, itemPath);
        });
        return rules is null ? null : [.. rules.Select(listed => listed.Value)];
    }

    private DayRule? ReadBareDay(JsonElement element, string path) => ReadDay(element, path) is { } day ? new DayRule(day) : null;

    private DayRule? ReadRule(JsonElement element, string path, bool isHalf)
    {
        var example = isHalf ? """{"day": "12-24", "close": "12:30"}""" : """{"day": "12-25", "moves": "forward"}""";
        if (!json.IsObject(element, path, $"an object such as {example}")) return null;
        var before = errors.Count;
        DayPattern? day = null;
        int? from = null, to = null;
        List<DayOfWeek>? on = null;
        TimeOfDay? close = null;
        var moves = DayMove.None;
        foreach (var (key, value, keyPath) in json.Keys(element, path, isHalf ? [.. RuleKeys, "close"] : RuleKeys))
        {
            switch (key)
            {
                case "day": day = ReadDay(value, keyPath); break;
                case "from": from = ReadYear(value, keyPath); break;
                case "to": to = ReadYear(value, keyPath); break;
                case "on": on = ReadWeekdays(value, keyPath); break;
                case "close": close = ReadTimeOfDay(value, keyPath); break;
                default: moves = json.OneOf(value, keyPath, "move", Moves, move => move.Name).Move; break;
            }
        }

        if (errors.Count > before) return null;
        if (day is not null && close is null != isHalf)
            return new DayRule(day) { From = from, To = to, On = on, Moves = moves, Close = close };
        json.Fail(path, isHalf ? $"a half day needs 'day' and 'close', as in {example}" : $"a holiday needs 'day', as in {example}");
        return null;
    }

    private List<KeyValuePair<DateOnly, IReadOnlyList<SessionHours>>>? ReadSpecialDays(JsonElement element, string path)
    {
        if (!json.IsObject(element, path, """dates with their sessions, as in {"2024-11-01": [{"open": "18:00", "close": "19:00"}]}"""))
            return null;
        List<KeyValuePair<DateOnly, IReadOnlyList<SessionHours>>> days = [];
        foreach (var (key, value, keyPath) in json.Keys(element, path, known: null))
        {
            if (!DayPattern.TryParseDate(key, out var date)) json.Fail(keyPath, $"'{key}' is not a date such as 2024-11-01");
            else if (ReadSessions(value, keyPath, areDated: false) is { } sessions) days.Add(new(date, sessions));
        }

        return [.. days.OrderBy(day => day.Key)];
    }

    private DayPattern? ReadDay(JsonElement element, string path)
    {
        if (json.Text(element, path, DayPattern.Expected) is not { } text) return null;
        if (DayPattern.Parse(text.Trim().ToLowerInvariant()) is { } day) return day;
        json.Fail(path, $"'{text}' is not {DayPattern.Expected}");
        return null;
    }

    private DateOnly? ReadDate(JsonElement element, string path)
    {
        if (json.Text(element, path, "a date such as 2024-11-05") is not { } text) return null;
        if (DayPattern.TryParseDate(text, out var date)) return date;
        json.Fail(path, $"'{text}' is not a date such as 2024-11-05");
        return null;
    }

    private TimeOfDay? ReadTimeOfDay(JsonElement element, string path)
    {
        if (json.Text(element, path, TimeOfDay.Expected) is not { } text) return null;
        if (TimeOfDay.Parse(text) is { } time) return time;
        json.Fail(path, $"'{text}' is not {TimeOfDay.Expected}");
        return null;
    }

    private long? ReadDuration(JsonElement element, string path)
    {
        if (json.Text(element, path, $"a duration: {Durations.Expected}") is not { } text) return null;
        if (Durations.TryParse(text.ToLowerInvariant(), out var duration) && duration <= 12 * Timestamp.Hour) return duration;
        json.Fail(path, $"'{text}' is not a duration of up to 12 hours; expected {Durations.Expected}");
        return null;
    }

    private int? ReadYear(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var year) && year is >= 1900 and <= 2199) return year;
        json.Fail(path, $"a year from 1900 to 2199 is expected, found {PlanJson.Found(element)}");
        return null;
    }
}
