using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest;

/// <summary>A set of names: some as they are, some by how they begin (<c>feed-*</c>), or all (<c>*</c>).</summary>
internal sealed class NamePatterns
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly List<string> beginnings = [];

    /// <summary>Reads patterns; an asterisk stands at the end or not at all.</summary>
    /// <exception cref="FormatException">One is no pattern.</exception>
    public NamePatterns(IEnumerable<string> patterns)
    {
        foreach (var pattern in patterns.Select(Symbol.Respell))
        {
            var star = pattern.IndexOf('*', StringComparison.Ordinal);
            if (pattern.Length == 0 || (star >= 0 && star < pattern.Length - 1))
                throw new FormatException($"'{pattern}' is no name and no pattern: an asterisk stands at the end");
            if (star < 0) names.Add(pattern);
            else beginnings.Add(pattern[..star]);
        }
    }

    /// <summary>Whether every name is among them.</summary>
    public bool All => beginnings.Contains("");

    /// <summary>Whether none is.</summary>
    public bool None => names.Count == 0 && beginnings.Count == 0;

    /// <summary>The symbols among them; a name that is no symbol's is left out.</summary>
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

    /// <summary>Whether that name is.</summary>
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
