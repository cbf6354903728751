namespace ActorTrading.Connectors;

/// <summary>A connector whose list of symbols can be changed at runtime.</summary>
public interface ISymbolReader
{
    /// <summary>Starts to read a symbol. Returns false if it is already read.</summary>
    /// <exception cref="ArgumentException">The symbol is not valid in the other system, or the limit of symbols is reached.</exception>
    Task<bool> AddAsync(string symbol, CancellationToken cancellation = default);

    /// <summary>Stops reading a symbol. Returns false if it is not read.</summary>
    bool Remove(string symbol);
}
