namespace ActorTrading.Calendars;

/// <summary>Opening hours: on the clocks of the venue, from a date on or up to one.</summary>
internal sealed record SessionHours(TimeOfDay Open, TimeOfDay Close)
{
    /// <summary>The first trading day that has them; null for the first of all.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last trading day that has them; null for no end.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Whether they run over midnight.</summary>
    public bool IsOverMidnight => Open.CompareTo(Close) >= 0;
}

/// <summary>What of the time after the last close of a day belongs to the day.</summary>
/// <param name="Within">Nanoseconds after the close.</param>
/// <param name="Grace">Nanoseconds after the close within which a price counts whatever its sale condition.</param>
/// <param name="Conditions">Sale conditions of closing prints; empty where all counts.</param>
internal sealed record ClosingAuction(long Within, long Grace, IReadOnlyList<string> Conditions);

/// <summary>What a calendar says, key by key; null for a key that is not there.</summary>
internal sealed record CalendarDefinition
{
    /// <summary>The named calendar whose keys hold where this one has none.</summary>
    public string? Base { get; init; }

    /// <summary>The venue's time zone, by its name in the tz database.</summary>
    public string? Zone { get; init; }

    /// <summary>Days without trading in every week.</summary>
    public IReadOnlyList<DayOfWeek>? Weekend { get; init; }

    /// <summary>The sessions of a day.</summary>
    public IReadOnlyList<SessionHours>? Sessions { get; init; }

    /// <summary>Whether a session over midnight belongs to the date on which it opens (true), or to the one on which it closes.</summary>
    public bool? IsNamedByOpen { get; init; }

    /// <summary>The closing auction.</summary>
    public ClosingAuction? Auction { get; init; }

    /// <summary>Days without trading.</summary>
    public IReadOnlyList<DayRule>? Holidays { get; init; }

    /// <summary>More days without trading, beside those of the base.</summary>
    public IReadOnlyList<DayRule>? AlsoClosed { get; init; }

    /// <summary>Days on which trading ends early.</summary>
    public IReadOnlyList<DayRule>? HalfDays { get; init; }

    /// <summary>Dates whose sessions are others, whatever day it is.</summary>
    public IReadOnlyList<KeyValuePair<DateOnly, IReadOnlyList<SessionHours>>>? SpecialDays { get; init; }

    /// <summary>These keys on top of another's.</summary>
    public CalendarDefinition Over(CalendarDefinition other) => new()
    {
        Zone = Zone ?? other.Zone,
        Weekend = Weekend ?? other.Weekend,
        Sessions = Sessions ?? other.Sessions,
        IsNamedByOpen = IsNamedByOpen ?? other.IsNamedByOpen,
        Auction = Auction ?? other.Auction,
        Holidays = Holidays ?? other.Holidays,
        AlsoClosed = [.. other.AlsoClosed ?? [], .. AlsoClosed ?? []],
        HalfDays = HalfDays ?? other.HalfDays,
        SpecialDays = SpecialDays ?? other.SpecialDays,
    };
}
