using System.Text.Json;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Plans;

/// <summary>The calendars that are rules in this assembly and need no time-zone data.</summary>
public sealed class BuiltInCalendars : ICalendarSource
{
    private BuiltInCalendars()
    {
    }

    /// <summary>Around the clock; what a plan without a calendar has.</summary>
    public static TradingCalendar Continuous { get; } = new ContinuousCalendar();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TradingCalendar> All { get; } = [Continuous, new UsEquitiesCalendar()];

    /// <summary>These calendars, by name.</summary>
    public static ICalendarSource Source { get; } = new BuiltInCalendars();

    /// <summary>The calendar of that name, or null.</summary>
    public static TradingCalendar? Find(string name) => All.FirstOrDefault(calendar => calendar.Name == name);

    /// <inheritdoc/>
    public TradingCalendar? Read(JsonElement element, string path, ICollection<PlanError> errors) =>
        new PlanJson(errors).OneOf(element, path, "calendar", All, calendar => calendar.Name);
}
