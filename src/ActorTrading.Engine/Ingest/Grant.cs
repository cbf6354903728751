using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// What somebody may do who has shown a token or a certificate, or nothing at all. Made by <see cref="AccessRules"/>; does not change.
/// </summary>
public sealed class Grant
{
    private readonly NamePatterns sources;
    private readonly NamePatterns symbols;
    private readonly NamePatterns read;

    internal Grant(
        (string Key, string Name) caller, (NamePatterns Sources, NamePatterns Symbols) send, NamePatterns read, bool isAdmin,
        CallerLimits limits)
    {
        ((Key, Name), (sources, symbols), this.read, IsAdmin, Limits) = (caller, send, read, isAdmin, limits);
        MaySendEverySymbol = symbols.All;
        ReadScope = read.Symbols();
    }

    /// <summary>Who it is, in the words of the rules; for logs.</summary>
    public string Name { get; }

    /// <summary>Whether it may change subscriptions and do whatever else changes the node.</summary>
    public bool IsAdmin { get; }

    /// <summary>Its quotas.</summary>
    public CallerLimits Limits { get; }

    /// <summary>Whether no symbol is kept from it.</summary>
    public bool MaySendEverySymbol { get; }

    /// <summary>Whether there is a source that it may send as.</summary>
    public bool MaySendSomething => !sources.None;

    /// <summary>By what it was found: never a secret, but its hash.</summary>
    internal string Key { get; }

    /// <summary>Whether it may send as that source.</summary>
    public bool MaySend(Source source) => sources.Contains(source.Name);

    /// <summary>Whether it may send that symbol. Economic indicators have none: whoever may send every symbol may send them.</summary>
    public bool MaySend(Symbol symbol) => MaySendEverySymbol || symbols.Contains(symbol.Name);

    /// <summary>Whether it may see that symbol. What belongs to no symbol may see whoever may see every symbol.</summary>
    public bool MayRead(Symbol symbol) => read.Contains(symbol.Name);

    /// <summary>Whether no symbol is kept from its sight.</summary>
    public bool MayReadEverySymbol => read.All;

    /// <summary>The symbols that it may see.</summary>
    public SymbolScope ReadScope { get; }

    /// <summary>Whether there is a symbol that it may see.</summary>
    public bool MayReadSomething => !read.None;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
