namespace ActorTrading.Connectors;

/// <summary>A connector that reads symbols of its choice, which may change while it runs.</summary>
public interface ISymbolReader
{
    /// <summary>Reads a symbol from now on; false where it is read already.</summary>
    /// <exception cref="ArgumentException">The other system cannot have it, or there is no room for it.</exception>
    Task<bool> AddAsync(string symbol, CancellationToken cancellation = default);

    /// <summary>Reads a symbol no more; false where it is not read.</summary>
    bool Remove(string symbol);
}
