using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Host.Backtesting;
using ActorTrading.Host.Terminal;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Inspecting;

/// <summary>The result of an inspection, as text and as JSON, with the command line that would run the files.</summary>
internal sealed class InspectionReport(
    Inspection found, IReadOnlyList<string> files, IReadOnlyList<string> damage, IReadOnlyList<string> given)
{
    private const double Fits = 0.99;

    /// <summary>The command that would run the files, with the options required to read them.</summary>
    public string CommandLine => string.Join(' ', ["actortrading", "backtest", .. files.Concat(given).Select(Quote)]);

    /// <summary>Plan lines that match the data.</summary>
    public string PlanLines
    {
        get
        {
            // When several venues match, the venue is unknown.
            var venues = found.Sessions().Where(session => session.Calendar != "24h" && session.Share >= Fits)
                .Select(session => session.Calendar).Take(2).ToList();
            var calendar = venues.Count == 1 ? venues[0] : "24h";
            var frames = Frame() is { } frame and > Domain.Calendars.Frame.Tick
                ? Frames.Common.Where(candidate => candidate >= frame && candidate > Domain.Calendars.Frame.OneSecond).Take(3).ToList()
                : [Domain.Calendars.Frame.OneMinute, Domain.Calendars.Frame.FiveMinutes];
            var source = found.Kinds().All(kind => kind.Kind == RecordKind.Quote) && found.Records > 0 ? ", \"price\": \"mid\"" : "";
            return $"{{\"calendar\": \"{calendar}\", \"frames\": "
                + $"[{string.Join(", ", frames.Select(each => $"\"{each.Name()}\""))}]{source}{found.NumberLines}}}";
        }
    }

    public void Print(TextWriter text)
    {
        foreach (var input in found.Taken) text.Say($"input       {input}");
        foreach (var message in damage) text.Say($"damage      {message}");
        var kinds = found.Kinds().Select(kind => Invariant($"{kind.Count:N0} {KindNames.Name(kind.Kind)}"));
        text.Say(Invariant($"records     {found.Records:N0}: {string.Join(", ", kinds)}"));
        if (found.Records > 0)
        {
            text.Say($"times       {found.First} to {found.Last}");
            var more = found.SymbolCount > found.SomeSymbols.Count ? " …" : "";
            text.Say(Invariant($"symbols     {found.SymbolCount:N0}: {string.Join(" ", found.SomeSymbols)}{more}"));
            text.Say(Invariant($"decimals    prices {found.PriceDecimals}, quantities {found.SizeDecimals}"));
            text.Say(Invariant($"order       {found.OutOfOrder:N0} older than an earlier one of their symbol, ")
                + Invariant($"{found.Duplicates:N0} copies of the previous one"));
            var gap = found.LongestGap is { } longest
                ? Invariant($", the longest {longest.Length:g} after {longest.From} ({longest.Symbol})")
                : "";
            text.Say(Invariant($"gaps        {found.Gaps:N0}{gap}"));
            var sessions = found.Sessions().Select(session => Invariant($"{session.Calendar} {session.Share * 100:0.#} %"));
            text.Say($"sessions    {string.Join(", ", sessions)}");
        }

        foreach (var (reason, count) in found.Rejects) text.Say(Invariant($"refused     {count:N0} {reason.Name()}: {reason.Advice()}"));
        foreach (var reject in found.FirstRejects)
            text.Say(Invariant($"  line {reject.LineNumber}: {reject.Rejection}{(reject.Rejection.Hint is { } hint ? $" ({hint})" : "")}"));
        text.Say($"run         {CommandLine} --plan plan.json");
        text.Say($"plan.json   {PlanLines}");
    }

    public void WriteJson(Stream stream)
    {
        using var json = new Utf8JsonWriter(
            stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        InputJson.Write(json, found.Taken);
        json.WriteStartArray("damage");
        foreach (var message in damage) json.WriteStringValue(message);
        json.WriteEndArray();
        json.WriteNumber("records", found.Records);
        json.WriteStartObject("kinds");
        foreach (var (kind, count) in found.Kinds()) json.WriteNumber(KindNames.Name(kind), count);
        json.WriteEndObject();
        if (found.First is { } first) json.WriteString("first", first.ToString());
        if (found.Last is { } last) json.WriteString("last", last.ToString());
        json.WriteNumber("symbols", found.SymbolCount);
        json.WriteStartArray("some_symbols");
        foreach (var symbol in found.SomeSymbols) json.WriteStringValue(symbol);
        json.WriteEndArray();
        json.WriteNumber("price_decimals", found.PriceDecimals);
        json.WriteNumber("size_decimals", found.SizeDecimals);
        json.WriteNumber("out_of_order", found.OutOfOrder);
        json.WriteNumber("duplicates", found.Duplicates);
        json.WriteNumber("gaps", found.Gaps);
        if (found.LongestGap is { } gap)
        {
            json.WriteStartObject("longest_gap");
            json.WriteString("symbol", gap.Symbol.Name);
            json.WriteString("from", gap.From.ToString());
            json.WriteNumber("seconds", gap.Length.TotalSeconds);
            json.WriteEndObject();
        }

        json.WriteStartObject("sessions");
        foreach (var (calendar, share) in found.Sessions()) json.WriteNumber(calendar, Math.Round(share, 4));
        json.WriteEndObject();
        json.WriteNumber("rejected", found.Rejected);
        json.WriteStartObject("rejects");
        foreach (var (reason, count) in found.Rejects) json.WriteNumber(reason.Name(), count);
        json.WriteEndObject();
        json.WriteStartArray("first_rejects");
        foreach (var reject in found.FirstRejects) json.WriteRawValue(RejectJson.Text(reject));
        json.WriteEndArray();
        json.WriteString("command", CommandLine + " --plan plan.json");
        json.WritePropertyName("plan");
        json.WriteRawValue(PlanLines);
        json.WriteEndObject();
        json.Flush();
        stream.Write("\n"u8);
    }

    private Frame? Frame() => found.Taken.Select(input => input.Frame).FirstOrDefault(frame => frame is not null);

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '+' or '=')
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
