using System.Text.Json;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>Reads the elements of plans and reports every error with its path.</summary>
internal sealed class PlanJson(ICollection<PlanError> errors)
{
    /// <summary>Reports entries with equal keys.</summary>
    public void RefuseRepeated<T>(List<Listed<T>> list, Func<Listed<T>, string> key, string what = "entry")
    {
        foreach (var twice in list.GroupBy(key).Where(group => group.Count() > 1))
        {
            Fail(twice.Last().Path, $"the {what} '{twice.Key}' already exists as {twice.First().Path}; remove one");
        }
    }

    /// <summary>The valid entries of a list; null if the element is not a list.</summary>
    public List<Listed<T>>? ReadList<T>(JsonElement element, string path, string example, Func<JsonElement, string, Listed<T>?> readItem)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            Fail(path, $"expected a list such as [\"{example}\"], found {Found(element)}");
            return null;
        }

        List<Listed<T>> list = [];
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (readItem(item, $"{path}[{index++}]") is { } listed) list.Add(listed);
        }

        return list;
    }

    /// <summary>Finds a known item by the name in the element.</summary>
    public T? OneOf<T>(JsonElement element, string path, string what, IEnumerable<T> known, Func<T, string> nameOf)
    {
        var names = known.Select(nameOf).ToList();
        if (Text(element, path, $"one of {Join(names)}") is not { } text) return default;
        foreach (var candidate in known)
        {
            if (nameOf(candidate) == text) return candidate;
        }

        Fail(path, $"'{text}' is not a known {what}; {Suggest(text, names)}");
        return default;
    }

    /// <summary>The keys of an object with their values and paths. Reports unknown and repeated keys and leaves them out.</summary>
    public IEnumerable<(string Key, JsonElement Value, string Path)> Keys(JsonElement element, string path, string[]? known)
    {
        HashSet<string> seen = [];
        foreach (var property in element.EnumerateObject())
        {
            var keyPath = PathOf(path, property.Name);
            if (known is not null && !known.Contains(property.Name))
            {
                FailKey(keyPath, $"'{property.Name}' is not a key of this object; {Suggest(property.Name, known)}");
            }
            else if (!seen.Add(property.Name))
            {
                FailKey(keyPath, $"the key '{property.Name}' occurs twice; remove one");
            }
            else
            {
                yield return (property.Name, property.Value, keyPath);
            }
        }
    }

    /// <summary>Whether the element is an object; reports an error if not.</summary>
    public bool IsObject(JsonElement element, string path, string expected)
    {
        if (element.ValueKind == JsonValueKind.Object) return true;
        Fail(path, $"expected {expected}; found {Found(element)}");
        return false;
    }

    /// <summary>The string of the element; reports an error and returns null if it is not a string.</summary>
    public string? Text(JsonElement element, string path, string expected)
    {
        if (element.ValueKind == JsonValueKind.String) return element.GetString();
        Fail(path, $"expected {expected}, in quotes; found {Found(element)}");
        return null;
    }

    /// <summary>Reports an error.</summary>
    public void Fail(string path, string message) => errors.Add(new PlanError(path, message));

    private void FailKey(string path, string message) => errors.Add(new PlanError(path, message) { IsKey = true });

    /// <summary>Describes the element, for messages.</summary>
    public static string Found(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text '{Cut(element.GetString()!)}'",
        JsonValueKind.Number => $"the number {Cut(element.GetRawText())}",
        _ => element.GetRawText(),
    };

    private static string Cut(string text) => text.Length <= 40 ? text : text[..39] + "…";

    /// <summary>Suggests the nearest known word and lists all of them, for messages.</summary>
    public static string Suggest(string written, IReadOnlyCollection<string> known) =>
        Spelling.Nearest(written, known) is { } nearest
            ? $"did you mean '{nearest}'? Known: {Join(known)}"
            : $"known: {Join(known)}";

    /// <summary>Joins words with commas.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(", ", words);

    /// <summary>The path of a key: after a dot if it is a plain word, otherwise in brackets and quotes.</summary>
    private static string PathOf(string path, string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? $"{path}.{key}"
            : $"{path}['{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";
}
