using ActorTrading.Connectors.Exchanges.Sessions;
using ActorTrading.Engine.Ingest.Client;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Exchanges;

/// <summary>Reads an exchange into a node elsewhere, over its TCP port. Symbols may be added and removed while it runs.</summary>
public sealed class ExchangeFeed : IAsyncDisposable
{
    private readonly ActorSystem system;
    private readonly ExchangeSession session;
    private readonly TaskCompletionSource<Exception> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="client">Where records go; its owner flushes and disposes of it.</param>
    /// <exception cref="ArgumentException">The options have a problem.</exception>
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

    /// <summary>How it is doing.</summary>
    public ConnectorStatus Status => session.Status;

    /// <summary>What it has seen since its start.</summary>
    public ExchangeCounts Counts => session.Counts;

    /// <summary>The symbols that are read, by name.</summary>
    public IReadOnlyCollection<string> Symbols => session.Symbols;

    /// <summary>
    /// Completes when going on is no use: with an <see cref="ExchangeException"/> where the exchange refuses the login, with a
    /// <see cref="Client.FeedRefusedException"/> where the node will not have this client.
    /// </summary>
    public Task<Exception> Refused => refused.Task;

    /// <summary>Begins; returns at once.</summary>
    public void Start() => session.Start();

    /// <summary>Reads a symbol from now on; false where it is read already.</summary>
    /// <exception cref="ArgumentException">It cannot be a symbol of the exchange, or there is no room for it.</exception>
    public Task<bool> AddAsync(string symbol, CancellationToken cancellation = default) =>
        session.AddAsync(symbol, cancellation);

    /// <summary>Reads a symbol no more; false where it is not read.</summary>
    public bool Remove(string symbol) => session.Remove(symbol);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync().ConfigureAwait(false);
        await system.Terminate().ConfigureAwait(false);
        system.Dispose();
    }
}
