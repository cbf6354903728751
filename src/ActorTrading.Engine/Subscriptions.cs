using System.Collections.Frozen;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine;

/// <summary>
/// The symbols whose records an engine accepts: all symbols if there is no list, otherwise the symbols on the list. The economy, which is
/// not a symbol to subscribe to, is always accepted. Immutable; folded from the subscription changes in the journal.
/// </summary>
public sealed class Subscriptions
{
    private readonly FrozenSet<Symbol>? list;

    private Subscriptions(FrozenSet<Symbol>? list) => this.list = list;

    /// <summary>No list: every symbol is accepted.</summary>
    public static Subscriptions Everything { get; } = new(null);

    /// <summary>Whether there is a list.</summary>
    public bool HasList => list is not null;

    /// <summary>The symbols on the list, ordered by name; empty if there is no list.</summary>
    public IReadOnlyList<Symbol> Symbols => list is null ? [] : [.. list.Order()];

    /// <summary>Whether records of a symbol are accepted.</summary>
    public bool Take(Symbol symbol) => list is null || list.Contains(symbol) || symbol.Equals(Symbol.Economy);

    /// <summary>The list after a change.</summary>
    public Subscriptions After(SubscriptionChange change, IReadOnlyCollection<Symbol> symbols) => new(change switch
    {
        SubscriptionChange.Set => symbols.ToFrozenSet(),
        SubscriptionChange.Cleared => null,
        SubscriptionChange.Added => (list ?? []).Union(symbols).ToFrozenSet(),
        _ => (list ?? []).Except(symbols).ToFrozenSet(),
    });

    /// <summary>
    /// The change that subscribing to these symbols makes; null if it changes nothing. The first subscription creates the list.
    /// </summary>
    internal (SubscriptionChange Change, Symbol[] Symbols)? Adding(IEnumerable<Symbol> symbols)
    {
        Symbol[] added = [.. symbols.Distinct().Where(symbol => list is null || !list.Contains(symbol))];
        if (added.Length == 0) return null;
        return (list is null ? SubscriptionChange.Set : SubscriptionChange.Added, added);
    }

    /// <summary>The change that removing the list makes; null if it changes nothing.</summary>
    internal (SubscriptionChange Change, Symbol[] Symbols)? Clearing() => list is null ? null : (SubscriptionChange.Cleared, []);

    /// <summary>
    /// The change that unsubscribing from these symbols makes; null if it changes nothing. If there is no list, a list of all symbols known
    /// so far is created first.
    /// </summary>
    internal (SubscriptionChange Change, Symbol[] Symbols)? Removing(IReadOnlyList<Symbol> symbols, IEnumerable<Symbol> known)
    {
        if (symbols.Count == 0) return null;
        if (list is null)
            return (SubscriptionChange.Set, [.. known.Except(symbols).Where(symbol => !symbol.Equals(Symbol.Economy)).Order()]);
        Symbol[] removed = [.. symbols.Distinct().Where(list.Contains)];
        return removed.Length == 0 ? null : (SubscriptionChange.Removed, removed);
    }
}
