using System.Text.Json;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Plans;

/// <summary>The calendars that are implemented in this assembly and need no time-zone data.</summary>
public sealed class BuiltInCalendars : ICalendarSource
{
    private BuiltInCalendars()
    {
    }

    /// <summary>Trading around the clock; the default of plans.</summary>
    public static TradingCalendar Continuous { get; } = new ContinuousCalendar();

    /// <summary>All built-in calendars.</summary>
    public static IReadOnlyList<TradingCalendar> All { get; } = [Continuous, new UsEquitiesCalendar()];

    /// <summary>Source of these calendars, by name.</summary>
    public static ICalendarSource Source { get; } = new BuiltInCalendars();

    /// <summary>The calendar of that name, or null.</summary>
    public static TradingCalendar? Find(string name) => All.FirstOrDefault(calendar => calendar.Name == name);

    /// <inheritdoc/>
    public TradingCalendar? Read(JsonElement element, string path, ICollection<PlanError> errors) =>
        new PlanJson(errors).OneOf(element, path, "calendar", All, calendar => calendar.Name);
}
