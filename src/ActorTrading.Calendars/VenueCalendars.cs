using System.Collections.Concurrent;
using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;

namespace ActorTrading.Calendars;

/// <summary>
/// The calendars of plans: named ones, and those that a plan defines. Named calendars are data in the folder Venues, in the same form as in
/// plans. <c>24h</c> and <c>us-equities</c> are implemented in the domain and need no time-zone data.
/// </summary>
public sealed class VenueCalendars : ICalendarSource
{
    private static readonly ConcurrentDictionary<string, CalendarDefinition> Definitions = new();
    private static readonly ConcurrentDictionary<string, TradingCalendar> Compiled = new();

    // Cache size: a plan is parsed again for each read of a journal.
    private const int MaxOwn = 32;
    private static readonly ConcurrentDictionary<string, TradingCalendar> Own = new();

    private VenueCalendars()
    {
    }

    /// <summary>The shared instance.</summary>
    public static ICalendarSource Source { get; } = new VenueCalendars();

    /// <summary>The names that plans may use.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["24h", "us-equities", "lse", "xetra", "euronext", "hkex", "jpx", "asx", "nse", "cme-globex", "fx"];

    /// <summary>The calendar of that name, or null. Compiled once and cached.</summary>
    public static TradingCalendar? Find(string name) => !Names.Contains(name) ? null
        : BuiltInCalendars.Find(name)
            ?? Compiled.GetOrAdd(name, static name => CalendarCompiler.Compile(DefinitionOf(name), name, $"\"{name}\""));

    /// <summary>A named calendar as JSON, in the form that a plan can contain.</summary>
    public static string JsonOf(string name) => CalendarWriter.Write(DefinitionOf(name));

    /// <inheritdoc/>
    public TradingCalendar? Read(JsonElement element, string path, ICollection<PlanError> errors)
    {
        var json = new PlanJson(errors);
        if (element.ValueKind != JsonValueKind.Object)
            return json.OneOf(element, path, "calendar", Names, name => name) is { } name ? Find(name) : null;
        if (new CalendarReader(errors).Read(element, path) is not { } said) return null;
        var whole = said.Base is { } named ? said.Over(DefinitionOf(named)) : said.Over(new());
        try
        {
            var text = CalendarWriter.Write(said);
            if (Own.Count >= MaxOwn) Own.Clear();
            return Own.GetOrAdd(
                text, _ => CalendarCompiler.Compile(whole, said.Base is null ? $"own, {said.Zone}" : $"own, after {said.Base}", text));
        }
        catch (ArgumentException exception)
        {
            json.Fail(path, $"sessions overlap, or one ends before it begins: {exception.Message}");
            return null;
        }
    }

    private static CalendarDefinition DefinitionOf(string name) => Definitions.GetOrAdd(name, static name =>
    {
        using var file = typeof(VenueCalendars).Assembly.GetManifestResourceStream(name)!;
        using var document = JsonDocument.Parse(
            file, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        List<PlanError> errors = [];
        return new CalendarReader(errors).Read(document.RootElement, name) ?? throw new InvalidDataException(string.Join('\n', errors));
    });
}
