using ActorTrading.Connectors.Exchanges.Sessions;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>Reads an exchange into the engine of this node. Symbols may be added and removed while it runs.</summary>
public sealed class ExchangeConnector : IConnector, ISymbolReader
{
    private readonly ExchangeSession session;

    /// <exception cref="ArgumentException">The options have a problem.</exception>
    public ExchangeConnector(ExchangeOptions options, ConnectorServices services)
    {
        var unit = ExchangeRegistry.Create(options, services.Time).TimeUnit;
        session = new ExchangeSession(
            options, new LocalNodeTarget(services, options, unit), services.System, services.Time, services.Logger)
        {
            IsActive = services.IsReader,
        };
    }

    /// <inheritdoc/>
    public ConnectorStatus Status => session.Status;

    /// <summary>What it has seen since its start.</summary>
    public ExchangeCounts Counts => session.Counts;

    /// <summary>The symbols that are read, by name.</summary>
    public IReadOnlyCollection<string> Symbols => session.Symbols;

    /// <summary>How far the clock of the exchange is ahead of this one; null where it was not told.</summary>
    public TimeSpan? ClockOffset => session.ClockOffset;

    /// <inheritdoc/>
    public void Start() => session.Start();

    /// <inheritdoc/>
    public Task<bool> AddAsync(string symbol, CancellationToken cancellation = default) =>
        session.AddAsync(symbol, cancellation);

    /// <inheritdoc/>
    public bool Remove(string symbol) => session.Remove(symbol);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();
}
