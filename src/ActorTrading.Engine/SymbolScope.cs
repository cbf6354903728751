using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>A set of symbols, given by names, by prefixes of names, or all symbols. Immutable.</summary>
public sealed class SymbolScope
{
    private SymbolScope(IReadOnlySet<Symbol> named, IReadOnlyList<string> beginnings) => (Named, Beginnings) = (named, beginnings);

    /// <summary>Every symbol.</summary>
    public static SymbolScope All { get; } = new(new HashSet<Symbol>(), [""]);

    /// <summary>Whether the set contains every symbol.</summary>
    public bool IsAll => Beginnings is [""];

    /// <summary>Whether the set is empty.</summary>
    public bool IsNone => Named.Count == 0 && Beginnings.Count == 0;

    /// <summary>The symbols that are in the set by name and by no prefix.</summary>
    internal IReadOnlySet<Symbol> Named { get; }

    /// <summary>The prefixes in the set; no prefix begins with another one.</summary>
    internal IReadOnlyList<string> Beginnings { get; }

    /// <summary>The set of these symbols.</summary>
    public static SymbolScope Of(IEnumerable<Symbol> symbols) => new(symbols.ToHashSet(), []);

    /// <summary>The set of these symbols and of all symbols with these prefixes.</summary>
    internal static SymbolScope Of(IEnumerable<Symbol> symbols, IEnumerable<string> beginnings)
    {
        var shortest = new List<string>();
        foreach (var beginning in beginnings.Order(StringComparer.Ordinal)) // of two with the same beginning, the shorter first
        {
            if (!shortest.Exists(shorter => beginning.StartsWith(shorter, StringComparison.Ordinal))) shortest.Add(beginning);
        }

        return shortest is [""] ? All : new SymbolScope(
            symbols.Where(symbol => !shortest.Exists(one => symbol.Name.StartsWith(one, StringComparison.Ordinal))).ToHashSet(), shortest);
    }

    /// <summary>Whether the set contains the symbol.</summary>
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

/// <summary>The symbols that a reader of live events may see. The set may change while the reader reads. Thread-safe.</summary>
public sealed class LiveScope(SymbolScope scope)
{
    private readonly Lock sync = new();
    private SymbolScope current = scope;
    private Action? changed;

    /// <summary>The symbols that the reader may see now.</summary>
    public SymbolScope Current => Volatile.Read(ref current);

    /// <summary>Replaces the set.</summary>
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

    /// <summary>Registers a callback that runs after each change.</summary>
    internal void Follow(Action onChange)
    {
        lock (sync) changed += onChange;
    }

    /// <summary>Removes the callback.</summary>
    internal void Leave(Action onChange)
    {
        lock (sync) changed -= onChange;
    }
}
