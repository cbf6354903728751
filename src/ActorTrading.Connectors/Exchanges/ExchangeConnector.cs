using ActorTrading.Connectors.Exchanges.Sessions;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>Reads an exchange into the engine of this node. Symbols can be added and removed at runtime.</summary>
public sealed class ExchangeConnector : IConnector, ISymbolReader
{
    private readonly ExchangeSession session;

    /// <exception cref="ArgumentException">The options are not valid.</exception>
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

    /// <summary>Counters since the start.</summary>
    public ExchangeCounts Counts => session.Counts;

    /// <summary>The symbols that are read, by name.</summary>
    public IReadOnlyCollection<string> Symbols => session.Symbols;

    /// <summary>The difference by which the clock of the exchange is ahead of this machine's; null if unknown.</summary>
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
