using System.Text.RegularExpressions;

namespace ActorTrading.Connectors.Settings;

/// <summary>Reads connectors from settings: <c>connectors:NAME:kind</c>, <c>direction</c>, and the keys of the kind.</summary>
public static partial class ConnectorSettings
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "connectors";

    private const string KindKey = "kind";
    private const string DirectionKey = "direction";

    /// <summary>Reads all connectors, ordered by name. Errors are added to the list, with their paths.</summary>
    /// <param name="sources">The sources, highest priority first.</param>
    public static IReadOnlyList<ConnectorOptions> Read(IReadOnlyList<SettingsSource> sources, List<string> errors) =>
        Read(sources, errors, ConnectorKind.All);

    /// <summary>Reads all connectors of the given kinds.</summary>
    internal static IReadOnlyList<ConnectorOptions> Read(
        IReadOnlyList<SettingsSource> sources, List<string> errors, IReadOnlyList<ConnectorKind> kinds)
    {
        var names = sources.SelectMany(source => source.Values.GetSection(Section).GetChildren())
            .Select(child => child.Key.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal);
        return [.. names.Select(name => One(new ConnectorSection(name, sources, errors), kinds)).OfType<ConnectorOptions>()];
    }

    private static ConnectorOptions? One(ConnectorSection section, IReadOnlyList<ConnectorKind> kinds)
    {
        if (KindOf(section, kinds) is not { } kind) return null;
        if (!NamePattern().IsMatch(section.Name))
            section.AddError(KindKey, $"'{section.Name}' is not a connector name; it is 1 to 32 of a-z, 0-9, - and _");
        var options = kind.Read(section);
        section.RefuseOthers();
        return section.HasErrors ? null : options;
    }

    private static ConnectorKind? KindOf(ConnectorSection section, IReadOnlyList<ConnectorKind> kinds)
    {
        string[] known = [.. kinds.Select(kind => kind.Name).Distinct()];
        if (!section.Has(KindKey))
        {
            section.AddError(KindKey, $"is missing; it is one of {string.Join(", ", known)}");
            return null;
        }

        var name = section.Choice(KindKey, known);
        var both = kinds.Where(kind => kind.Name == name).ToList();
        var asked = section.Choice(DirectionKey, "in", "out");
        if (section.HasErrors) return null;
        if (asked is null && both.Count == 1) return both[0];
        if (asked is null) section.AddError(DirectionKey, "is missing; it is in or out");
        else if (both.Find(kind => kind.Direction.ToString().Equals(asked, StringComparison.OrdinalIgnoreCase)) is { } kind) return kind;
        else section.AddError(DirectionKey, $"no connector of the kind {name} supports this direction");
        return null;
    }

    [GeneratedRegex("^[a-z0-9_-]{1,32}$")]
    private static partial Regex NamePattern();
}
