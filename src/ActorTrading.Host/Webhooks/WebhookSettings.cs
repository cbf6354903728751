using System.Globalization;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using Microsoft.Extensions.Configuration;

namespace ActorTrading.Host.Webhooks;

/// <summary>
/// Reads webhooks from the settings <c>webhooks:NAME:url</c> and so on. Several settings sources come in the order of their priority. Lists
/// are arrays; lists of symbols and actions may be comma-separated, as in an environment variable.
/// </summary>
internal static class WebhookSettings
{
    /// <summary>The settings section of webhooks.</summary>
    public const string Section = "webhooks";

    /// <summary>The keys of one webhook, besides its name.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        ["url", "symbols", "rules", "actions", "secret_file", "secret_variable", "from", "timeout_seconds"];

    /// <summary>Reads all webhooks, ordered by name. Adds each error with its path to the error list.</summary>
    public static IReadOnlyList<WebhookOptions> Read(
        IReadOnlyList<(Func<string, string> Name, IConfigurationRoot Values)> sources, List<string> errors)
    {
        var names = sources.SelectMany(source => source.Values.GetSection(Section).GetChildren())
            .Select(child => child.Key.ToLowerInvariant()).Distinct();
        return [.. names.Order(StringComparer.Ordinal).Select(name => One(name, sources, errors)).OfType<WebhookOptions>()];
    }

    private static WebhookOptions? One(
        string name, IReadOnlyList<(Func<string, string> Name, IConfigurationRoot Values)> sources, List<string> errors)
    {
        var before = errors.Count;
        foreach (var source in sources)
        {
            errors.AddRange(source.Values.GetSection($"{Section}:{name}").GetChildren()
                .Where(child => !Keys.Contains(child.Key.ToLowerInvariant()))
                .Select(child => $"{source.Name($"{Section}:{name}:{child.Key}")}: unknown setting"));
        }

        var url = Take("url", static section => section.Value is { } text && Uri.TryCreate(text.Trim(), UriKind.Absolute, out var read)
            ? read
            : throw new FormatException("it is not an absolute URL"));
        var symbols = Take("symbols", static section => List(section, commas: true).Select(Symbol).ToHashSet());
        var rules = Take("rules", static section => List(section, commas: false).ToHashSet(StringComparer.Ordinal));
        var actions = Take("actions", static section => List(section, commas: true).Select(Action).ToHashSet());
        var file = Take("secret_file", static section => WebhookSecret.OfFile(section.Value ?? ""));
        var variable = Take("secret_variable", static section => WebhookSecret.OfVariable(section.Value ?? ""));
        var from = Take("from", static section =>
            section.Value is "now" or "first" ? section.Value : throw new FormatException($"'{section.Value}' is neither now nor first"));
        var timeout = Take<double?>("timeout_seconds", static section => Seconds(section.Value));
        if (url is null && errors.Count == before) errors.Add($"{Section}:{name}: it has no url");
        if (file is not null && variable is not null)
            errors.Add($"{Section}:{name}: give secret_file or secret_variable, not both");
        if (errors.Count > before || url is null) return null;

        var options = new WebhookOptions
        {
            Name = name, Url = url, Symbols = symbols, Rules = rules, Actions = actions, Secret = file ?? variable,
            FromFirst = from == "first",
        };
        if (timeout is { } limit) options = options with { Timeout = TimeSpan.FromSeconds(limit) };
        if (options.Problem() is not { } problem) return options;
        errors.Add($"{Section}:{name}: {problem}");
        return null;

        T? Take<T>(string key, Func<IConfigurationSection, T> read)
        {
            var path = $"{Section}:{name}:{key}";
            foreach (var source in sources)
            {
                var section = source.Values.GetSection(path);
                if (!section.Exists()) continue;
                try
                {
                    return read(section);
                }
                catch (FormatException exception)
                {
                    errors.Add($"{source.Name(path)}: {exception.Message}");
                    return default;
                }
            }

            return default;
        }
    }

    private static IEnumerable<string> List(IConfigurationSection section, bool commas)
    {
        if (section.Value is { } text) return commas ? text.Split(',', StringSplitOptions.TrimEntries) : [text.Trim()];
        return section.GetChildren().Select(child => child.Value ?? "");
    }

    private static Symbol Symbol(string text) =>
        Domain.Values.Symbol.TryParse(text, out var symbol) ? symbol : throw new FormatException($"'{text}' is not a symbol");

    private static SignalAction Action(string text) =>
        SignalActions.TryParse(text, out var action)
            ? action
            : throw new FormatException(
                $"'{text}' is not an action; actions are {string.Join(", ", SignalActions.All.Select(known => known.Name()))}");

    private static double Seconds(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0.1 and <= 3_600
            ? seconds
            : throw new FormatException($"'{text}' is not a number of seconds from 0.1 to 3600");
}
