using System.Text.Json;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Plans;

/// <summary>Creates the calendars that plans name or define.</summary>
public interface ICalendarSource
{
    /// <summary>Reads the calendar of a plan. Returns null and adds the errors if it is not valid.</summary>
    TradingCalendar? Read(JsonElement element, string path, ICollection<PlanError> errors);
}
