using System.Buffers;

namespace ActorTrading.Deployment.Tests.Discovery;

/// <summary>A label selector of Kubernetes, with equality only: <c>a=b,c!=d,e,!f</c>.</summary>
internal sealed class Selector(IReadOnlyList<(string Label, string? Value, bool IsWanted)> requirements)
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");

    /// <summary>Null if the text is not a selector.</summary>
    public static Selector? Parse(string? text)
    {
        var requirements = new List<(string, string?, bool)>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var isWanted = !part.Contains("!=", StringComparison.Ordinal) && part[0] != '!';
            var sides = part.TrimStart('!').Split(["!=", "==", "="], StringSplitOptions.None);
            if (sides.Length > 2 || sides.Any(side => side.Length == 0 || side.AsSpan().ContainsAnyExcept(Allowed))) return null;
            requirements.Add((sides[0], sides.ElementAtOrDefault(1), isWanted));
        }

        return new Selector(requirements);
    }

    public bool Selects(IDictionary<string, string>? labels) => requirements.All(required =>
        required.IsWanted == (labels?.TryGetValue(required.Label, out var value) == true && (required.Value ?? value) == value));
}
