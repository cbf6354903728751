using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Files;

/// <summary>The findings about an input, from its beginning. A user needs them to notice a wrong detection.</summary>
public sealed record InputTaken
{
    /// <summary>The name of the file or archive entry.</summary>
    public required string Name { get; init; }

    /// <summary>The format.</summary>
    public required InputFormat Format { get; init; }

    /// <summary>The kinds of records, by their canonical names, most frequent first.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>For a table: the columns that are read, with their fields.</summary>
    public IReadOnlyList<(string Column, string Field)> Used { get; init; } = [];

    /// <summary>For a table: the columns that are not read.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>The unit of numeric times; null if there are none.</summary>
    public TimeUnit? Unit { get; init; }

    /// <summary>The zone of times without one; null if times are numbers.</summary>
    public string? Zone { get; init; }

    /// <summary>The frame of its bars; null if it has no bars or they have their own frames.</summary>
    public Frame? Frame { get; init; }

    /// <summary>The direction of its times.</summary>
    public TimeOrder Order { get; init; }

    /// <summary>The earliest and the latest time of each symbol within the examined beginning.</summary>
    internal IReadOnlyDictionary<Symbol, (Timestamp First, Timestamp Last)> Times { get; init; } =
        new Dictionary<Symbol, (Timestamp, Timestamp)>();

    /// <summary>Further notes.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The reason if the input was skipped; otherwise null.</summary>
    public string? Skipped { get; init; }

    /// <summary>
    /// One line: <c>ohlc.csv: csv of bars (1day); Date = ts, Price = close; not read: Change %; times without zone
    /// are UTC; newest first</c>.
    /// </summary>
    public override string ToString()
    {
        if (Skipped is not null) return $"{Name}: not read: {Skipped}";
        var parts = new List<string>
        {
            $"{Format.Name()} of {(Kinds.Count == 0 ? "no records" : string.Join(", ", Kinds.Select(Plural)))}",
        };
        if (Frame is { } frame) parts[0] += $" ({frame.Name()})";
        if (Used.Count > 0)
        {
            parts.Add(string.Join(", ", Used.Select(column => string.Equals(column.Column, column.Field, StringComparison.OrdinalIgnoreCase)
                ? column.Field
                : $"{column.Column} = {column.Field}")));
        }
        if (Unused.Count > 0) parts.Add($"not read: {string.Join(", ", Unused)}");
        if (Unit is { } unit) parts.Add(unit == TimeUnit.Calendar ? "times are dates written as digits" : $"times in {unit.Name()}");
        if (Zone is not null) parts.Add($"times without a zone are {Zone}");
        if (Order == TimeOrder.NewestFirst) parts.Add("newest first, folded oldest first");
        if (Order == TimeOrder.Mixed) parts.Add("not in time order");
        parts.AddRange(Notes);
        return string.Create(CultureInfo.InvariantCulture, $"{Name}: {string.Join("; ", parts)}");
    }

    private static string Plural(string kind) => kind is "news" or "market" or "economic" or "book" ? kind : kind + "s";
}
