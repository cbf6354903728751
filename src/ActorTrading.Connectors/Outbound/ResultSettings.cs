using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Outbound;

/// <summary>Reads the options of results from settings: the same keys for every kind of connector.</summary>
public static class ResultSettings
{
    private const string Fields = "fields";

    /// <summary>Reads the options; errors are added to the section.</summary>
    public static ResultOptions Read(ConnectorSection section)
    {
        var names = Enum.GetNames<ResultKind>().Select(name => name.ToLowerInvariant()).ToArray();
        var chosen = section.Choice("results", names);
        if (chosen is null && !section.Has("results")) section.AddError("results", $"is missing; it is one of {string.Join(", ", names)}");
        var kind = chosen is null ? ResultKind.Signals : Enum.Parse<ResultKind>(chosen, ignoreCase: true);
        if (kind != ResultKind.Signals) Refuse(section, "rules", kind);
        if (kind is ResultKind.Signals or ResultKind.Rejects) Refuse(section, "frames", kind);
        if (kind is not (ResultKind.Values or ResultKind.Volatility)) Refuse(section, Fields, kind);
        return new ResultOptions
        {
            Kind = kind,
            Symbols = section.List(
                "symbols",
                static text => Symbol.TryParse(text, out var symbol) ? symbol : throw new FormatException($"'{text}' is not a symbol"))
                ?.ToHashSet(),
            Frames = section.List(
                "frames",
                static text => Frames.TryParse(text, out var frame) ? frame : throw new FormatException($"'{text}' is not a frame"))
                ?.ToHashSet(),
            Rules = section.List("rules", static text => text)?.ToHashSet(StringComparer.Ordinal),
            Fields = FieldsOf(section),
            FromFirst = section.Choice("from", "now", "first") == "first",
        };
    }

    private static List<ResultField>? FieldsOf(ConnectorSection section)
    {
        var fields = new List<ResultField>();
        foreach (var (name, text) in section.Map(Fields))
        {
            if (ResultField.TryParse(name, text, out var field)) fields.Add(field);
            else section.AddError($"{Fields}:{name}", $"'{text}' is not an indicator with one value");
        }

        return fields.Count > 0 ? fields : null;
    }

    private static void Refuse(ConnectorSection section, string key, ResultKind kind)
    {
        if (section.Has(key)) section.AddError(key, $"{kind.ToString().ToLowerInvariant()} have none");
    }
}
