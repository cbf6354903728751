using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ActorTrading.Connectors.Settings;

/// <summary>
/// The settings of one connector, <c>connectors:NAME:KEY</c>, from several sources; the first source that has a key is used. An invalid
/// value is an error with its path; so is a key that no reader requested. Not thread-safe.
/// </summary>
public sealed class ConnectorSection
{
    private readonly IReadOnlyList<SettingsSource> sources;
    private readonly List<string> errors;
    private readonly HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
    private readonly int before;

    /// <param name="errors">The list to which errors are added.</param>
    public ConnectorSection(string name, IReadOnlyList<SettingsSource> sources, List<string> errors)
    {
        (Name, this.sources, this.errors) = (name, sources, errors);
        before = errors.Count;
    }

    /// <summary>The name of the connector.</summary>
    public string Name { get; }

    /// <summary>Whether the section has errors.</summary>
    public bool HasErrors => errors.Count > before;

    /// <summary>The text of a key; null if the key is missing. An empty text is an error and gives null.</summary>
    public string? Text(string key) => Value<string>(key, static text => text);

    /// <summary>The text of a required key; if it is missing, an error and an empty text.</summary>
    public string Required(string key)
    {
        if (Text(key) is { } text) return text;
        if (!Has(key)) AddError(key, "is missing");
        return "";
    }

    /// <summary>A whole number within a range.</summary>
    public long Number(string key, long otherwise, long least, long most) => Value<long?>(key, text =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw new FormatException($"'{text}' is not a whole number from {least} to {most}")) ?? otherwise;

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string key, bool otherwise) => Value<bool?>(key, static text =>
        bool.TryParse(text, out var flag) ? flag : throw new FormatException($"'{text}' is neither true nor false")) ?? otherwise;

    /// <summary>One of several words; null if the key is missing.</summary>
    public string? Choice(string key, params string[] choices) => Value<string>(key, text =>
        choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase))
        ?? throw new FormatException($"'{text}' is not one of {string.Join(", ", choices)}"));

    /// <summary>
    /// The result of a parser for the text of a key; default if the key is missing or the parser throws <see cref="FormatException"/>.
    /// </summary>
    public T? Value<T>(string key, Func<string, T?> read) => Read(key, section => section.Value?.Trim() is { Length: > 0 } text
        ? read(text)
        : throw new FormatException(section.Value is null ? "it is no text" : "it is empty"));

    /// <summary>A list, as an array or separated by commas; null if missing or empty.</summary>
    public IReadOnlyList<T>? List<T>(string key, Func<string, T> read)
    {
        var list = Read(key, section => section.Value is { } text
            ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(read)]
            : section.GetChildren().Select(child => read(child.Value?.Trim() ?? throw HoldsMore())).ToArray());
        return list is { Length: > 0 } ? list : null;
    }

    /// <summary>The texts below a key by their names, which may contain a colon; empty if the key is missing.</summary>
    public IReadOnlyDictionary<string, string> Map(string key)
    {
        var map = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        known.Add(key);
        foreach (var source in sources.Reverse())
        {
            var section = source.Values.GetSection(PathOf(key));
            foreach (var entry in section.AsEnumerable(makePathsRelative: true).Where(static entry => entry.Value is not null))
                map[entry.Key] = entry.Value!;
        }

        return map;
    }

    /// <summary>Whether a source has the key.</summary>
    public bool Has(string key) => SourceOf(key) is not null;

    /// <summary>Adds an error for a key.</summary>
    public void AddError(string key, string message)
    {
        var path = PathOf(key);
        errors.Add($"{SourceOf(key)?.Name(path) ?? path}: {message}");
    }

    /// <summary>Adds an error for each key that no reader requested.</summary>
    public void RefuseOthers()
    {
        foreach (var source in sources)
        {
            var section = source.Values.GetSection(Prefix);
            foreach (var (key, value) in section.AsEnumerable(makePathsRelative: true))
            {
                if (value is not null && !IsKnown(key)) errors.Add($"{source.Name(PathOf(key))}: unknown setting");
            }
        }
    }

    private static FormatException HoldsMore() => new("it holds values that are not text");

    private string Prefix => $"{ConnectorSettings.Section}:{Name}";

    private string PathOf(string key) => $"{Prefix}:{key}";

    /// <summary>Whether a key, or a parent of it, was requested.</summary>
    private bool IsKnown(string key)
    {
        for (var end = key.Length; end > 0; end = key.LastIndexOf(':', end - 1))
        {
            if (known.Contains(key[..end])) return true;
        }

        return false;
    }

    private SettingsSource? SourceOf(string key) => sources.FirstOrDefault(source => source.Values.GetSection(PathOf(key)).Exists());

    private T? Read<T>(string key, Func<IConfigurationSection, T?> read)
    {
        known.Add(key);
        if (SourceOf(key) is not { } source) return default;
        try
        {
            return read(source.Values.GetSection(PathOf(key)));
        }
        catch (FormatException exception)
        {
            errors.Add($"{source.Name(PathOf(key))}: {exception.Message}");
            return default;
        }
    }
}
