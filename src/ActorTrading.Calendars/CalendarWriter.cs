using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Calendars;

/// <summary>Writes calendars as canonical JSON: keys in a fixed order, canonical spellings, missing keys left out.</summary>
internal static class CalendarWriter
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a definition.</summary>
    public static string Write(CalendarDefinition definition)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Compact)) Write(json, definition);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, CalendarDefinition definition)
    {
        json.WriteStartObject();
        if (definition.Base is { } named) json.WriteString("base", named);
        if (definition.Zone is { } zone) json.WriteString("zone", zone);
        if (definition.Weekend is { } weekend) WriteWeekdays(json, "weekend", weekend);
        if (definition.Sessions is { } sessions) WriteSessions(json, "sessions", sessions);
        if (definition.IsNamedByOpen is { } isNamedByOpen) json.WriteString("date", isNamedByOpen ? "open" : "close");
        if (definition.Auction is { } auction) WriteAuction(json, auction);
        WriteRules(json, "holidays", definition.Holidays);
        WriteRules(json, "also_closed", definition.AlsoClosed is { Count: 0 } ? null : definition.AlsoClosed);
        WriteRules(json, "half_days", definition.HalfDays);
        if (definition.SpecialDays is { } days)
        {
            json.WriteStartObject("special_days");
            foreach (var (date, hours) in days) WriteSessions(json, Spell(date), hours);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteWeekdays(Utf8JsonWriter json, string key, IEnumerable<DayOfWeek> days)
    {
        json.WriteStartArray(key);
        foreach (var day in days) json.WriteStringValue(day.Name());
        json.WriteEndArray();
    }

    private static void WriteSessions(Utf8JsonWriter json, string key, IEnumerable<SessionHours> sessions)
    {
        json.WriteStartArray(key);
        foreach (var hours in sessions)
        {
            json.WriteStartObject();
            json.WriteString("open", hours.Open.ToString());
            json.WriteString("close", hours.Close.ToString());
            if (hours.From is { } first) json.WriteString("from", Spell(first));
            if (hours.To is { } last) json.WriteString("to", Spell(last));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAuction(Utf8JsonWriter json, ClosingAuction auction)
    {
        json.WriteStartObject("closing_auction");
        json.WriteString("within", Durations.Spell(auction.Within));
        if (auction.Grace > 0) json.WriteString("grace", Durations.Spell(auction.Grace));
        if (auction.Conditions.Count > 0)
        {
            json.WriteStartArray("conditions");
            foreach (var condition in auction.Conditions) json.WriteStringValue(condition);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteRules(Utf8JsonWriter json, string key, IReadOnlyList<DayRule>? rules)
    {
        if (rules is null) return;
        json.WriteStartArray(key);
        foreach (var rule in rules)
        {
            if (rule == new DayRule(rule.Day))
            {
                json.WriteStringValue(rule.Day.Text);
                continue;
            }

            json.WriteStartObject();
            json.WriteString("day", rule.Day.Text);
            if (rule.From is { } first) json.WriteNumber("from", first);
            if (rule.To is { } last) json.WriteNumber("to", last);
            if (rule.On is { } days) WriteWeekdays(json, "on", days);
            if (rule.Moves != DayMove.None) json.WriteString("moves", CalendarReader.NameOf(rule.Moves));
            if (rule.Close is { } close) json.WriteString("close", close.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Spell(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
