using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>A set of symbols: some by name, some by how their names begin, or all. Does not change.</summary>
public sealed class SymbolScope
{
    private SymbolScope(IReadOnlySet<Symbol> named, IReadOnlyList<string> beginnings) => (Named, Beginnings) = (named, beginnings);

    /// <summary>Every symbol.</summary>
    public static SymbolScope All { get; } = new(new HashSet<Symbol>(), [""]);

    /// <summary>Whether every symbol is in it.</summary>
    public bool IsAll => Beginnings is [""];

    /// <summary>Whether none is.</summary>
    public bool IsNone => Named.Count == 0 && Beginnings.Count == 0;

    /// <summary>The symbols that are in it by name, and by no beginning.</summary>
    internal IReadOnlySet<Symbol> Named { get; }

    /// <summary>The beginnings of names that are in it; none of them begins with another.</summary>
    internal IReadOnlyList<string> Beginnings { get; }

    /// <summary>These symbols.</summary>
    public static SymbolScope Of(IEnumerable<Symbol> symbols) => new(symbols.ToHashSet(), []);

    /// <summary>These symbols, and those whose names begin so.</summary>
    internal static SymbolScope Of(IEnumerable<Symbol> symbols, IEnumerable<string> beginnings)
    {
        var shortest = new List<string>();
        foreach (var beginning in beginnings.Order(StringComparer.Ordinal)) // the shorter of two that begin alike comes first
        {
            if (!shortest.Exists(shorter => beginning.StartsWith(shorter, StringComparison.Ordinal))) shortest.Add(beginning);
        }

        return shortest is [""] ? All : new SymbolScope(
            symbols.Where(symbol => !shortest.Exists(one => symbol.Name.StartsWith(one, StringComparison.Ordinal))).ToHashSet(), shortest);
    }

    /// <summary>Whether that symbol is in it.</summary>
    public bool Contains(Symbol symbol)
    {
        if (Named.Contains(symbol)) return true;
        foreach (var beginning in Beginnings)
        {
            if (symbol.Name.StartsWith(beginning, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}

/// <summary>The symbols that a reader of live events may see, which may change while it reads. Safe for any number of threads.</summary>
public sealed class LiveScope(SymbolScope scope)
{
    private readonly Lock sync = new();
    private SymbolScope current = scope;
    private Action? changed;

    /// <summary>The symbols that it may see now.</summary>
    public SymbolScope Current => Volatile.Read(ref current);

    /// <summary>It may see these from now on.</summary>
    public void Change(SymbolScope newer)
    {
        Action? told;
        lock (sync)
        {
            if (ReferenceEquals(current, newer)) return;
            Volatile.Write(ref current, newer);
            told = changed;
        }

        told?.Invoke();
    }

    /// <summary>Calls back after each change.</summary>
    internal void Follow(Action onChange)
    {
        lock (sync) changed += onChange;
    }

    /// <summary>Calls back no more.</summary>
    internal void Leave(Action onChange)
    {
        lock (sync) changed -= onChange;
    }
}
