using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ActorTrading.Engine.Ingest.Access;

/// <summary>Access rules of one version of the file.</summary>
internal sealed class AccessTable
{
    private const int MaxRules = 10_000;
    private const int LeastToken = 16; // minimum number of characters
    private const int LeastVariety = 6; // minimum number of different characters
    private static readonly string[] Rights = ["name", "sources", "symbols", "read", "admin", "limits"];

    /// <summary>SHA-256 hash of each token, with its grant.</summary>
    public List<(byte[] Hash, Grant Grant)> Tokens { get; } = [];

    /// <summary>Grants of certificates, by <c>subject:</c> or <c>san:</c> followed by a name.</summary>
    public Dictionary<string, Grant> Certificates { get; } = new(StringComparer.Ordinal);

    /// <summary>The grant of unauthenticated callers; null if they have no rights.</summary>
    public Grant? Anonymous { get; private set; }

    /// <summary>All grants, by key.</summary>
    public Dictionary<string, Grant> Grants { get; } = new(StringComparer.Ordinal);

    /// <summary>The rights of each grant as text, by key; without the credentials.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>Parses a file.</summary>
    /// <exception cref="FormatException">
    /// The file contains no valid rules; the message gives the position and repeats no secret.
    /// </exception>
    public static AccessTable Parse(ReadOnlySpan<byte> utf8)
    {
        var table = new AccessTable();
        if (utf8.StartsWith("\ufeff"u8)) utf8 = utf8["\ufeff"u8.Length..];
        JsonDocument json;
        try
        {
            var reader = new Utf8JsonReader(
                utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            json = JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException e)
        {
            throw new FormatException($"line {e.LineNumber + 1}: it is not valid JSON"); // its message may quote a token
        }

        using (json)
        {
            foreach (var section in Members(json.RootElement, ""))
            {
                switch (section.Name)
                {
                    case "tokens":
                        table.Read(section, (rule, path) => ["token:" + TokenHash(rule, path)]);
                        break;
                    case "certificates":
                        table.Read(section, CertificateKeys);
                        break;
                    case "anonymous":
                        table.Anonymous = table.Add("anonymous", section.Value, section.Name, []);
                        break;
                    default:
                        throw new FormatException($"{section.Name}: is not known; known are tokens, certificates and anonymous");
                }
            }
        }

        return table;
    }

    private static IEnumerable<JsonProperty> Members(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject()
        : throw new FormatException(path.Length == 0 ? "it must be an object" : $"{path}: must be an object");

    private static string TokenHash(JsonElement rule, string path)
    {
        var shown = rule.EnumerateObject().Where(member => member.Name is "token" or "sha256" or "environment").ToList();
        if (shown.Count != 1) throw new FormatException($"{path}: needs one of token, sha256 and environment");
        var text = Text(shown[0].Value, $"{path}.{shown[0].Name}");
        if (shown[0].Name == "sha256")
        {
            return text.Length == 64 && text.All(char.IsAsciiHexDigit)
                ? text.ToLowerInvariant()
                : throw new FormatException($"{path}.sha256: must be 64 hexadecimal digits");
        }

        if (shown[0].Name == "environment")
        {
            text = Environment.GetEnvironmentVariable(text) is { Length: > 0 } found
                ? found
                : throw new FormatException($"{path}.environment: the variable {text} is not set");
        }

        if (text.Length < LeastToken || text.Distinct().Count() < LeastVariety)
            throw new FormatException($"{path}.{shown[0].Name}: is too weak: a token needs {LeastToken} characters or more, "
                + $"{LeastVariety} of them different; use 32 random bytes");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static IEnumerable<string> CertificateKeys(JsonElement rule, string path)
    {
        var keys = rule.EnumerateObject().Where(member => member.Name is "subject" or "san")
            .Select(member => $"{member.Name}:{Text(member.Value, $"{path}.{member.Name}")}").ToList();
        return keys.Count == 1 ? keys : throw new FormatException($"{path}: needs one of subject and san");
    }

    private static string Text(JsonElement element, string path) => element.ValueKind == JsonValueKind.String
        && element.GetString() is { Length: > 0 } text
        ? text
        : throw new FormatException($"{path}: must be text");

    private static NamePatterns Patterns(JsonElement rule, string name, string path, string[] otherwise)
    {
        if (!rule.TryGetProperty(name, out var list)) return new NamePatterns(otherwise);
        if (list.ValueKind != JsonValueKind.Array) throw new FormatException($"{path}.{name}: must be a list of names");
        try
        {
            return new NamePatterns([.. list.EnumerateArray().Select((one, i) => Text(one, $"{path}.{name}[{i}]"))]);
        }
        catch (FormatException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new FormatException($"{path}.{name}: {e.Message}", e);
        }
    }

    private static CallerLimits Limits(JsonElement quotas, string path)
    {
        var limits = CallerLimits.None;
        foreach (var quota in Members(quotas, path))
        {
            limits = quota.Name switch
            {
                "records_per_second" => limits with { RecordsPerSecond = Quota(quota, path, least: 1) },
                "symbols" => limits with { Symbols = Quota(quota, path, least: 0) },
                "connections" => limits with { Connections = Quota(quota, path, least: 1) },
                "queries" => limits with { Queries = Quota(quota, path, least: 1) },
                _ => throw new FormatException($"{path}.{quota.Name}: is not known"),
            };
        }

        return limits;
    }

    private static long Quota(JsonProperty quota, string path, long least) =>
        quota.Value.ValueKind == JsonValueKind.Number && quota.Value.TryGetInt64(out var value) && value >= least
            ? value
            : throw new FormatException($"{path}.{quota.Name}: must be a whole number from {least}");

    private void Read(JsonProperty section, Func<JsonElement, string, IEnumerable<string>> keysOf)
    {
        if (section.Value.ValueKind != JsonValueKind.Array) throw new FormatException($"{section.Name}: must be a list");
        if (section.Value.GetArrayLength() > MaxRules) throw new FormatException($"{section.Name}: more than {MaxRules}");
        var number = 0;
        foreach (var rule in section.Value.EnumerateArray())
        {
            var path = $"{section.Name}[{number++}]";
            if (rule.ValueKind != JsonValueKind.Object) throw new FormatException($"{path}: must be an object");
            var key = keysOf(rule, path).Single();
            if (Grants.ContainsKey(key)) throw new FormatException($"{path}: an earlier rule has the same key");
            var grant = Add(key, rule, path, ["token", "sha256", "environment", "subject", "san"]);
            if (key.StartsWith("token:", StringComparison.Ordinal)) Tokens.Add((Convert.FromHexString(key["token:".Length..]), grant));
            else Certificates.Add(key, grant);
        }
    }

    private Grant Add(string key, JsonElement rule, string path, string[] alsoKnown)
    {
        var unknown = Members(rule, path).FirstOrDefault(member => !Rights.Contains(member.Name) && !alsoKnown.Contains(member.Name));
        if (unknown.Value.ValueKind != JsonValueKind.Undefined) throw new FormatException($"{path}.{unknown.Name}: is not known");
        var name = rule.TryGetProperty("name", out var given) ? Text(given, $"{path}.name") : path;
        var isAdmin = rule.TryGetProperty("admin", out var admin) && admin.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new FormatException($"{path}.admin: must be true or false"),
        };
        var limits = rule.TryGetProperty("limits", out var quotas) ? Limits(quotas, $"{path}.limits") : CallerLimits.None;
        var send = (Patterns(rule, "sources", path, []), Patterns(rule, "symbols", path, ["*"]));
        var grant = new Grant((key, name), send, Patterns(rule, "read", path, []), isAdmin, limits);
        Grants.Add(key, grant);
        Texts.Add(
            key,
            string.Join(",", rule.EnumerateObject().Where(member => Rights.Contains(member.Name)).Select(member => member.ToString())));
        return grant;
    }
}
