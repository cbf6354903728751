using Xunit.Sdk;

namespace ActorTrading.Domain.Tests.Calendars;

/// <summary>A fact that needs the machine's time-zone data: skipped, with the reason, if there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Xunit.Sdk.FactDiscoverer", "xunit.execution.{Platform}")]
public sealed class TimeZoneFactAttribute : FactAttribute
{
    public const string Zone = "America/New_York";

    public TimeZoneFactAttribute()
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out _)) Skip = $"this machine has no time-zone data for {Zone}";
    }
}
