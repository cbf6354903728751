using System.Text.RegularExpressions;

namespace ActorTrading.TestKit.Ingest;

/// <summary>Tokens of tests have short names, and are made as long as rules ask for.</summary>
public static partial class Tokens
{
    private const string Tail = "-0123456789abcdef";

    /// <summary>A token as it is in the rules.</summary>
    public static string Long(string token) => token.Length is 0 or >= 16 ? token : token + Tail;

    /// <summary>JSON, or anything else, with every <c>"token":"..."</c> and <c>bearer.…</c> so.</summary>
    public static string Lengthen(string text) => Member().Replace(text, match => match.Groups[1].Value + Long(match.Groups[2].Value));

    [GeneratedRegex("""("token"\s*:\s*"|^bearer\.)([^"\\]*)""")]
    private static partial Regex Member();
}
