using System.Text.Json;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Plans;

/// <summary>Reads the parts that plans are made of, and tells of everything that is wrong with them, each with its path.</summary>
internal sealed class PlanJson(ICollection<PlanError> errors)
{
    /// <summary>Tells of entries with the same key.</summary>
    public void RefuseRepeated<T>(List<Listed<T>> list, Func<Listed<T>, string> key, string what = "entry")
    {
        foreach (var twice in list.GroupBy(key).Where(group => group.Count() > 1))
        {
            Fail(twice.Last().Path, $"the {what} '{twice.Key}' is there already, as {twice.First().Path}; leave one out");
        }
    }

    /// <summary>The good entries of a list; null when it is none.</summary>
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

    /// <summary>The one of that name.</summary>
    public T? OneOf<T>(JsonElement element, string path, string what, IEnumerable<T> known, Func<T, string> nameOf)
    {
        var names = known.Select(nameOf).ToList();
        if (Text(element, path, $"one of {Join(names)}") is not { } text) return default;
        foreach (var candidate in known)
        {
            if (nameOf(candidate) == text) return candidate;
        }

        Fail(path, $"'{text}' is no {what}; {Suggest(text, names)}");
        return default;
    }

    /// <summary>
    /// The keys of an object with their values and paths. Tells of keys that are not known or stand there twice, and leaves them out.
    /// </summary>
    public IEnumerable<(string Key, JsonElement Value, string Path)> Keys(JsonElement element, string path, string[]? known)
    {
        HashSet<string> seen = [];
        foreach (var property in element.EnumerateObject())
        {
            var keyPath = PathOf(path, property.Name);
            if (known is not null && !known.Contains(property.Name))
            {
                Fail(keyPath, $"'{property.Name}' is no key of this object; {Suggest(property.Name, known)}");
            }
            else if (!seen.Add(property.Name))
            {
                Fail(keyPath, $"the key '{property.Name}' stands there twice; leave one out");
            }
            else
            {
                yield return (property.Name, property.Value, keyPath);
            }
        }
    }

    /// <summary>Whether it is an object; tells where it is not.</summary>
    public bool IsObject(JsonElement element, string path, string expected)
    {
        if (element.ValueKind == JsonValueKind.Object) return true;
        Fail(path, $"expected {expected}; found {Found(element)}");
        return false;
    }

    /// <summary>The text that it is; null, and told, where it is none.</summary>
    public string? Text(JsonElement element, string path, string expected)
    {
        if (element.ValueKind == JsonValueKind.String) return element.GetString();
        Fail(path, $"expected {expected}, in quotes; found {Found(element)}");
        return null;
    }

    /// <summary>Tells what is wrong.</summary>
    public void Fail(string path, string message) => errors.Add(new PlanError(path, message));

    /// <summary>What stands there, for messages.</summary>
    public static string Found(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text '{Cut(element.GetString()!)}'",
        JsonValueKind.Number => $"the number {Cut(element.GetRawText())}",
        _ => element.GetRawText(),
    };

    private static string Cut(string text) => text.Length <= 40 ? text : text[..39] + "…";

    /// <summary>What may be meant, and all that is known.</summary>
    public static string Suggest(string written, IReadOnlyCollection<string> known) =>
        Spelling.Nearest(written, known) is { } nearest
            ? $"did you mean '{nearest}'? Known are {Join(known)}"
            : $"known are {Join(known)}";

    /// <summary>Words with commas between them.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(", ", words);

    /// <summary>A key behind a dot where it is a plain word, and in brackets and quotes otherwise.</summary>
    private static string PathOf(string path, string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? $"{path}.{key}"
            : $"{path}['{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";
}
