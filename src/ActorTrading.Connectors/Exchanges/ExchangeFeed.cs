using ActorTrading.Connectors.Exchanges.Sessions;
using ActorTrading.Engine.Ingest.Client;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>
/// Reads an exchange and sends its records to a remote node over the node's TCP port. Symbols can be added and removed at runtime.
/// </summary>
public sealed class ExchangeFeed : IAsyncDisposable
{
    private readonly ActorSystem system;
    private readonly ExchangeSession session;
    private readonly TaskCompletionSource<Exception> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="client">The client that sends the records; the caller flushes and disposes it.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public ExchangeFeed(ExchangeOptions options, FeedClient client, TimeProvider time, ILogger logger)
    {
        system = ConnectorSystem.Create();
        var target = new FeedTarget(client, options, ExchangeRegistry.Create(options, time).TimeUnit, logger)
            { OnRefused = e => refused.TrySetResult(e) };
        session = new ExchangeSession(options, target, system, time, logger)
        {
            OnFault = (error, text) =>
            {
                if (error == ExchangeError.LoginRefused) refused.TrySetResult(new ExchangeException(error, text));
            },
        };
    }

    /// <summary>The current status.</summary>
    public ConnectorStatus Status => session.Status;

    /// <summary>Counters since the start.</summary>
    public ExchangeCounts Counts => session.Counts;

    /// <summary>The symbols that are read, by name.</summary>
    public IReadOnlyCollection<string> Symbols => session.Symbols;

    /// <summary>
    /// Completes on a permanent failure: with an <see cref="ExchangeException"/> if the exchange refuses the login, with a
    /// <see cref="Client.FeedRefusedException"/> if the node refuses this client.
    /// </summary>
    public Task<Exception> Refused => refused.Task;

    /// <summary>Starts and returns at once.</summary>
    public void Start() => session.Start();

    /// <summary>Starts to read a symbol. Returns false if it is already read.</summary>
    /// <exception cref="ArgumentException">The symbol is not valid at the exchange, or the limit of symbols is reached.</exception>
    public Task<bool> AddAsync(string symbol, CancellationToken cancellation = default) =>
        session.AddAsync(symbol, cancellation);

    /// <summary>Stops reading a symbol. Returns false if it is not read.</summary>
    public bool Remove(string symbol) => session.Remove(symbol);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync().ConfigureAwait(false);
        await system.Terminate().ConfigureAwait(false);
        system.Dispose();
    }
}
