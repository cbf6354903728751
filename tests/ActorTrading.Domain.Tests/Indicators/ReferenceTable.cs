using System.Globalization;
using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>A table of the reference data, from CSV or from an array of JSON objects. Names of columns are not case-sensitive.</summary>
internal sealed class ReferenceTable
{
    private readonly Dictionary<string, int> columns = new(StringComparer.OrdinalIgnoreCase);

    private ReferenceTable(IEnumerable<string> header)
    {
        foreach (var name in header) columns[name] = columns.Count;
    }

    public List<Row> Rows { get; } = [];

    public static ReferenceTable Read(params string[] parts)
    {
        if (parts[^1].EndsWith(".json", StringComparison.Ordinal)) return ReadJson(parts);
        using var lines = ReferenceData.Lines(parts).GetEnumerator();
        lines.MoveNext();
        var table = new ReferenceTable(lines.Current.Split(','));
        while (lines.MoveNext()) table.Rows.Add(new Row(table, lines.Current.Split(',')));
        return table;
    }

    /// <summary>A column as numbers; NaN for an empty cell.</summary>
    public double[] Numbers(string column) =>
        [.. Rows.Select(row => row[column].Length == 0 ? double.NaN : double.Parse(row[column], CultureInfo.InvariantCulture))];

    private static ReferenceTable ReadJson(string[] parts)
    {
        using var document = JsonDocument.Parse(ReferenceData.Open(parts));
        var rows = document.RootElement.EnumerateArray().ToList();
        var names = rows.SelectMany(row => row.EnumerateObject().Select(p => p.Name)).Distinct().ToList();
        var table = new ReferenceTable(names);
        foreach (var row in rows)
        {
            var cells = names.Select(name => row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
                ? value.ToString() : "");
            table.Rows.Add(new Row(table, [.. cells]));
        }

        return table;
    }

    internal sealed class Row(ReferenceTable table, string[] cells)
    {
        /// <summary>The text of a cell; empty if the table does not have the column.</summary>
        public string this[string column] =>
            table.columns.TryGetValue(column, out var index) && index < cells.Length ? cells[index] : "";
    }
}
