namespace ActorTrading.Calendars;

/// <summary>Opening hours in local time of the venue, optionally limited to a range of dates.</summary>
internal sealed record SessionHours(TimeOfDay Open, TimeOfDay Close)
{
    /// <summary>The first trading day with these hours; null: no start.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last trading day with these hours; null: no end.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Whether the session spans midnight.</summary>
    public bool IsOverMidnight => Open.CompareTo(Close) >= 0;
}

/// <summary>The closing auction: the time after the last close that still belongs to the day.</summary>
/// <param name="Within">Length of the auction, in nanoseconds after the close.</param>
/// <param name="Grace">Nanoseconds after the close in which every price counts, whatever its sale condition.</param>
/// <param name="Conditions">Sale conditions of closing prints; empty if every price counts.</param>
internal sealed record ClosingAuction(long Within, long Grace, IReadOnlyList<string> Conditions);

/// <summary>The keys of a calendar; null for a missing key.</summary>
internal sealed record CalendarDefinition
{
    /// <summary>The named calendar that supplies the missing keys.</summary>
    public string? Base { get; init; }

    /// <summary>The venue's time zone, by its name in the tz database.</summary>
    public string? Zone { get; init; }

    /// <summary>The weekdays without trading.</summary>
    public IReadOnlyList<DayOfWeek>? Weekend { get; init; }

    /// <summary>The sessions of a day.</summary>
    public IReadOnlyList<SessionHours>? Sessions { get; init; }

    /// <summary>Whether a session over midnight belongs to the date of its open (true) or of its close (false).</summary>
    public bool? IsNamedByOpen { get; init; }

    /// <summary>The closing auction.</summary>
    public ClosingAuction? Auction { get; init; }

    /// <summary>Days without trading.</summary>
    public IReadOnlyList<DayRule>? Holidays { get; init; }

    /// <summary>Additional days without trading, beside those of the base.</summary>
    public IReadOnlyList<DayRule>? AlsoClosed { get; init; }

    /// <summary>Days on which trading ends early.</summary>
    public IReadOnlyList<DayRule>? HalfDays { get; init; }

    /// <summary>Dates with special sessions, which take precedence over all other rules.</summary>
    public IReadOnlyList<KeyValuePair<DateOnly, IReadOnlyList<SessionHours>>>? SpecialDays { get; init; }

    /// <summary>These keys merged over those of another definition.</summary>
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
