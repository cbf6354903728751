using System.Text.Json;

namespace ActorTrading.Host.Terminal;

/// <summary>
/// Prints the state of a symbol from its JSON: an overview, its bars as a table, its values by frame, then everything else.
/// </summary>
internal static class StatePrinter
{
    private const string Frames = "frames";

    private static readonly string[] BarFields = ["open_time", "open", "high", "low", "close", "volume", "ticks"];

    public static void Print(JsonElement state, TextWriter text)
    {
        JsonTables.PrintMembers(state, text, static member => !JsonTables.IsNested(member.Value));
        if (state.TryGetProperty(Frames, out var frames))
        {
            var bars = new List<List<string>>();
            var values = new List<List<string>>();
            foreach (var frame in frames.EnumerateObject())
            {
                foreach (var (name, what) in (ReadOnlySpan<(string, string)>)[("last_bar", "closed"), ("open_bar", "open")])
                {
                    if (frame.Value.TryGetProperty(name, out var bar) && bar.ValueKind == JsonValueKind.Object)
                        bars.Add([frame.Name, what, .. BarFields.Select(field => JsonTables.Spell(bar, field))]);
                }

                if (!frame.Value.TryGetProperty("values", out var known)) continue;
                foreach (var value in known.EnumerateObject()) values.Add([frame.Name, value.Name, JsonTables.Spell(value.Value)]);
            }

            text.WriteLine();
            JsonTables.PrintRows(["frame", "bar", .. BarFields], bars, text);
            text.WriteLine();
            JsonTables.PrintRows(["frame", "indicator", "value"], values, text);
        }

        text.WriteLine();
        JsonTables.PrintMembers(state, text, static member => JsonTables.IsNested(member.Value) && member.Name != Frames);
    }
}
