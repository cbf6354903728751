namespace ActorTrading.Domain.Values;

/// <summary>Suggests a known word for a misspelled one.</summary>
internal static class Spelling
{
    private const int LongestWord = 64;

    /// <summary>The known word nearest to the written one, or one that starts with it; null if none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        if (written.Length > LongestWord) return null;
        var allowed = Math.Max(1, written.Length / 3);
        return known
            .Select(word => (Word: word,
                Distance: IsStartOf(written, word) ? 1 : Distance(written.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(x => x.Distance <= allowed)
            .OrderBy(x => x.Distance)
            .Select(x => x.Word)
            .FirstOrDefault();
    }

    private static bool IsStartOf(string written, string word) =>
        written.Length >= 3 && word.StartsWith(written, StringComparison.OrdinalIgnoreCase);

    /// <summary>Edit distance: the number of letters to add, remove, replace or swap with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], 1 + d[i - 2, j - 2]);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
