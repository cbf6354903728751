using System.Text.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Terminal;

/// <summary>
/// Prints JSON as text: members line by line, an array of objects as a table with a header, numbers right-aligned and unchanged, null as
/// empty.
/// </summary>
internal static class JsonTables
{
    /// <summary>Prints an object or a value.</summary>
    public static void Print(JsonElement element, TextWriter text) => Print(element, text, "", static _ => true);

    /// <summary>Prints some members of an object.</summary>
    public static void PrintMembers(JsonElement element, TextWriter text, Func<JsonProperty, bool> wanted) =>
        Print(element, text, "", wanted);

    /// <summary>Prints rows below a header. Each column is as wide as its content; a column of numbers is right-aligned.</summary>
    public static void PrintRows(
        IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<string>> rows, TextWriter text, string indent = "")
    {
        if (rows.Count == 0) return;
        names = [.. names.Select(name => PlainText.Line(name))];
        rows = [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Select(cell => PlainText.Line(cell))])];
        var widths = names.Select((name, column) => rows.Max(row => Math.Max(name.Length, row[column].Length))).ToList();
        var isNumber = names.Select((_, column) => rows.All(
            row => row[column] is "" or ['-' or (>= '0' and <= '9'), ..] && !row[column].Contains(':', StringComparison.Ordinal)))
            .ToList();
        Line(names);
        foreach (var row in rows) Line(row);

        void Line(IReadOnlyList<string> row) => text.WriteLine((indent + string.Join("  ", row.Select(
            (cell, column) => isNumber[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])))).TrimEnd());
    }

    /// <summary>Whether a value needs its own lines.</summary>
    public static bool IsNested(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object));

    /// <summary>A member of an object on one line; empty when it does not exist.</summary>
    public static string Spell(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? Spell(value) : "";

    /// <summary>A value on one line.</summary>
    public static string Spell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Spell)),
        JsonValueKind.Object => string.Join(" ", value.EnumerateObject().Select(member => $"{member.Name}={Spell(member.Value)}")),
        _ => value.GetRawText(),
    };

    private static void Print(JsonElement element, TextWriter text, string indent, Func<JsonProperty, bool> wanted)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            text.Say(indent + Spell(element));
            return;
        }

        var members = element.EnumerateObject().Where(wanted).ToList();
        var scalars = members.Where(member => !IsNested(member.Value)).ToList();
        var width = scalars.Count == 0 ? 0 : scalars.Max(member => member.Name.Length);
        foreach (var member in scalars) text.Say($"{indent}{member.Name.PadRight(width)}  {Spell(member.Value)}".TrimEnd());
        foreach (var member in members.Where(member => IsNested(member.Value)))
        {
            var isTable = member.Value.ValueKind == JsonValueKind.Array;
            var isAlone = members.Count == 1 && indent.Length == 0;
            if (!isAlone) text.Say($"{indent}{member.Name}{(isTable && member.Value.GetArrayLength() == 0 ? "  none" : "")}");
            if (isTable) PrintTable([.. member.Value.EnumerateArray()], text, isAlone ? indent : indent + "  ");
            else Print(member.Value, text, indent + "  ", static _ => true);
        }
    }

    private static void PrintTable(List<JsonElement> rows, TextWriter text, string indent)
    {
        var names = rows.SelectMany(row => row.EnumerateObject().Select(member => member.Name)).Distinct().ToList();
        PrintRows(names, rows.ConvertAll(row => names.ConvertAll(name => Spell(row, name))), text, indent);
    }
}
