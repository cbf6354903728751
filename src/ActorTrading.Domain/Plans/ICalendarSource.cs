using System.Text.Json;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Plans;

/// <summary>Makes the calendars that plans name or define.</summary>
public interface ICalendarSource
{
    /// <summary>The calendar that a plan says; null, with what is wrong among the errors, where it says none.</summary>
    TradingCalendar? Read(JsonElement element, string path, ICollection<PlanError> errors);
}
