using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Access;

/// <summary>
/// The rights of a caller (by token, by certificate, or unauthenticated). Created by <see cref="AccessRules"/>. Immutable.
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

    /// <summary>The name of the caller in the rules; for logs.</summary>
    public string Name { get; }

    /// <summary>Whether the caller may change subscriptions and administer the node.</summary>
    public bool IsAdmin { get; }

    /// <summary>The caller's quotas.</summary>
    public CallerLimits Limits { get; }

    /// <summary>Whether the caller may send every symbol.</summary>
    public bool MaySendEverySymbol { get; }

    /// <summary>Whether there is a source that the caller may send as.</summary>
    public bool MaySendSomething => !sources.None;

    /// <summary>The key of its token or certificate: never a secret, only its hash.</summary>
    internal string Key { get; }

    /// <summary>Whether the caller may send as that source.</summary>
    public bool MaySend(Source source) => sources.Contains(source.Name);

    /// <summary>
    /// Whether the caller may send that symbol. Economic indicators belong to no symbol: the right to send every symbol includes them.
    /// </summary>
    public bool MaySend(Symbol symbol) => MaySendEverySymbol || symbols.Contains(symbol.Name);

    /// <summary>Whether the caller may see that symbol. Data that belongs to no symbol requires the right to see every symbol.</summary>
    public bool MayRead(Symbol symbol) => read.Contains(symbol.Name);

    /// <summary>Whether the caller may see every symbol.</summary>
    public bool MayReadEverySymbol => read.All;

    /// <summary>The symbols that the caller may see.</summary>
    public SymbolScope ReadScope { get; }

    /// <summary>Whether there is a symbol that the caller may see.</summary>
    public bool MayReadSomething => !read.None;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
