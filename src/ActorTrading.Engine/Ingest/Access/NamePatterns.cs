using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Access;

/// <summary>A set of names: exact names, prefixes (<c>feed-*</c>), or all names (<c>*</c>).</summary>
internal sealed class NamePatterns
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly List<string> beginnings = [];

    /// <summary>Parses patterns; an asterisk is allowed only at the end.</summary>
    /// <exception cref="FormatException">A pattern is invalid.</exception>
    public NamePatterns(IEnumerable<string> patterns)
    {
        foreach (var pattern in patterns.Select(Symbol.Respell))
        {
            var star = pattern.IndexOf('*', StringComparison.Ordinal);
            if (pattern.Length == 0 || (star >= 0 && star < pattern.Length - 1))
                throw new FormatException($"'{pattern}' is not a name or a pattern: an asterisk is allowed only at the end");
            if (star < 0) names.Add(pattern);
            else beginnings.Add(pattern[..star]);
        }
    }

    /// <summary>Whether the set contains every name.</summary>
    public bool All => beginnings.Contains("");

    /// <summary>Whether the set is empty.</summary>
    public bool None => names.Count == 0 && beginnings.Count == 0;

    /// <summary>The symbols in the set; names that are not valid symbols are left out.</summary>
    public SymbolScope Symbols()
    {
        var named = new List<Symbol>();
        foreach (var name in names)
        {
            if (Symbol.TryParse(name, out var symbol)) named.Add(symbol);
            else if (name == Symbol.Economy.Name) named.Add(Symbol.Economy);
        }

        return SymbolScope.Of(named, beginnings);
    }

    /// <summary>Whether the set contains the name.</summary>
    public bool Contains(string name)
    {
        if (names.Contains(name)) return true;
        foreach (var beginning in beginnings)
        {
            if (name.StartsWith(beginning, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
