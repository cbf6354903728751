using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Messages;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>
/// Reads an exchange with an Akka.Streams graph: a connection that reconnects with increasing delays, the market that orders its messages,
/// and the target, whose back-pressure slows the graph down. Symbols can be added and removed at runtime.
/// Long because it joins the connection, the market and the target, and owns the state that all three change.
/// </summary>
internal sealed class ExchangeSession : IMarketRequests, IAsyncDisposable
{
    private const int MaxBatch = 1024;
    private const int MaxUnderWay = 16;
    private static readonly TimeSpan LastTimeout = TimeSpan.FromSeconds(10);

    private readonly ExchangeOptions options;
    private readonly IExchange exchange;
    private readonly IExchangeTarget target;
    private readonly ActorMaterializer materializer;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ExchangeTelling telling;
    private readonly ExchangeRequests requests;
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource givingUp = new();
    private readonly ConcurrentDictionary<(ExchangeChannel Channel, string Symbol), (long Number, long Nanoseconds)> durable = [];
    private readonly Lock gate = new(); // guards the symbols and the connection
    private ImmutableSortedSet<string> symbols;
    private ExchangeConnection? connection;
    private Channel<ExchangeEvent> answers = Channel.CreateUnbounded<ExchangeEvent>();
    private SharedKillSwitch? running;
    private Task run = Task.CompletedTask;
    private long epoch; // epoch of the last connection
    private int isDisposed;
    private long handled;
    private long rejected;
    private long errors;
    private long lastMessage; // ticks of UTC; 0 before the first
    private volatile ConnectorPhase phase = ConnectorPhase.Connecting;
    private volatile string? lastError;

    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public ExchangeSession(ExchangeOptions options, IExchangeTarget target, ActorSystem system, TimeProvider time, ILogger logger)
    {
        if (options.Problem() is { } problem) throw new ArgumentException(problem.Text, nameof(options));
        (this.options, this.target, this.time, this.logger) = (options, target, time, logger);
        materializer = system.Materializer(); // the system's own materializer: it ends with the system
        exchange = ExchangeRegistry.Create(options, time);
        telling = new ExchangeTelling(options.Name, logger, time);
        requests = new ExchangeRequests(options, exchange, time, OnRequestFailed);
        symbols = options.Symbols.Select(exchange.Normalise).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    /// <summary>Whether this node is the one that reads; checked periodically.</summary>
    public Func<bool> IsActive { get; init; } = static () => true;

    /// <summary>Called for each error. Must not throw.</summary>
    public Action<ExchangeError, string>? OnFault { get; init; }

    public ExchangeCounts Counts { get; } = new();

    /// <summary>The symbols that are read, by name.</summary>
    public IReadOnlyCollection<string> Symbols
    {
        get
        {
            lock (gate) return symbols;
        }
    }

    /// <summary>The difference by which the clock of the exchange is ahead of this machine's; null if unknown.</summary>
    public TimeSpan? ClockOffset { get; private set; }

    public ConnectorStatus Status => new(
        options.Name, options.Exchange, ConnectorDirection.In, phase, Interlocked.Read(ref handled), Interlocked.Read(ref rejected),
        Interlocked.Read(ref errors), null)
    {
        Events = Counts.Read(),
        Symbols = [.. Symbols],
        LastError = lastError,
        LastMessage = Interlocked.Read(ref lastMessage) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
    };

    public void Start() => run = Task.Run(RunAsync);

    /// <summary>Starts to read a symbol. Returns false if it is already read.</summary>
    /// <exception cref="ArgumentException">The symbol is not valid at the exchange, or the limit of symbols is reached.</exception>
    public async Task<bool> AddAsync(string symbol, CancellationToken cancellation)
    {
        if ((options with { Symbols = [.. Symbols, symbol] }).Problem() is { } problem)
            throw new ArgumentException(problem.Text, nameof(symbol));
        symbol = exchange.Normalise(symbol);
        lock (gate)
        {
            if (symbols.Contains(symbol)) return false;
        }

        await requests.UseInstrumentsAsync(target, [symbol], cancellation).ConfigureAwait(false);
        lock (gate)
        {
            if (symbols.Contains(symbol)) return false;
            symbols = symbols.Add(symbol);
            connection?.Send(exchange.Subscribe([symbol]));
        }

        return true;
    }

    /// <summary>Stops reading a symbol. Returns false if it is not read.</summary>
    public bool Remove(string symbol)
    {
        symbol = exchange.Normalise(symbol);
        lock (gate)
        {
            if (!symbols.Contains(symbol)) return false;
            symbols = symbols.Remove(symbol);
            connection?.Send(exchange.Unsubscribe([symbol]));
            answers.Writer.TryWrite(new SymbolRemoved(symbol));
            foreach (var channel in ExchangeChannels.All) durable.TryRemove((channel, symbol), out _);
        }

        return true;
    }

    /// <summary>Stops reading, waits for the records in flight, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 1) return;
        Volatile.Read(ref running)?.Shutdown();
        await stopping.CancelAsync().ConfigureAwait(false);
        givingUp.CancelAfter(LastTimeout);
        await run.ConfigureAwait(false);
        requests.Dispose();
        stopping.Dispose();
        givingUp.Dispose();
        phase = ConnectorPhase.Stopped;
    }

    bool IMarketRequests.IsRead(string symbol) => Volatile.Read(ref symbols).Contains(symbol);

    void IMarketRequests.Fill(FillRange range) => _ = requests.FillAsync(range, answers.Writer, stopping.Token);

    void IMarketRequests.Snapshot(string symbol)
    {
        if (exchange.HasBookRequests) _ = requests.AskForBookAsync(symbol, answers.Writer, stopping.Token);
        else Volatile.Read(ref connection)?.Send(exchange.ResubscribeBook(symbol));
    }

    void IMarketRequests.Report(ExchangeError error, string text)
    {
        Fault(error, text);
        logger.ExchangeRefuses(options.Name, error, text);
        if (error is ExchangeError.Disconnected or ExchangeError.LoginRefused)
            Volatile.Read(ref connection)?.Close(new ExchangeException(error, text));
    }

    private async Task RunAsync()
    {
        var token = stopping.Token;
        var (hasBegun, knowsNewest) = (false, false);
        while (!token.IsCancellationRequested)
        {
            try
            {
                if (IsActive())
                {
                    if (!hasBegun) await BeginAsync(token).ConfigureAwait(false);
                    hasBegun = true;
                    if (!knowsNewest) await ReadNewestAsync(token).ConfigureAwait(false);
                    knowsNewest = true;
                    await RunGraphAsync().ConfigureAwait(false);
                }
                else
                {
                    phase = ConnectorPhase.Standby;
                    knowsNewest = false; // another node may read meanwhile
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (token.IsCancellationRequested) return;
                Fault(ExchangeError.Refused, e.Message);
                logger.ExchangeHandoverFails(options.Name, e.Message);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        if (await requests.ClockOffsetAsync(cancellation).ConfigureAwait(false) is { } offset)
        {
            ClockOffset = telling.Offset = offset;
            logger.ExchangeClock(options.Name, (long)offset.TotalMilliseconds);
        }

        await requests.UseInstrumentsAsync(target, [.. Symbols], cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs the graph until the session stops, the node stands by, or the target fails.</summary>
    private async Task RunGraphAsync()
    {
        phase = ConnectorPhase.Connecting;
        var stop = KillSwitches.Shared($"exchange-{options.Name}");
        var market = new ExchangeMarket(options, exchange, this, Counts, telling) { Epoch = epoch };
        lock (gate)
        {
            answers = Channel.CreateUnbounded<ExchangeEvent>();
            foreach (var ((channel, symbol), (number, at)) in durable) market.Begin(channel, symbol, number, at);
        }

        Volatile.Write(ref running, stop);
        if (stopping.IsCancellationRequested) return;
        try
        {
            var done = GraphOf(market, stop).RunWith(Sink.Ignore<int>(), materializer);
            var standingBy = StandByAsync(stop, done);
            await done.ConfigureAwait(false);
            await standingBy.ConfigureAwait(false);
        }
        finally
        {
            answers.Writer.TryComplete();
            epoch = market.Epoch;
        }
    }

    private Source<int, Akka.NotUsed> GraphOf(ExchangeMarket market, SharedKillSwitch stop) =>
        RestartSource.WithBackoff(ConnectionSource, RestartSettings.Create(options.FirstBackOff, options.MaxBackOff, 0.2))
            .Merge(ChannelSource.FromReader(answers.Reader))
            .Via(stop.Flow<ExchangeEvent>())
            .Select(market.Handle)
            .Where(records => records.Count > 0)
            .BatchWeighted(MaxBatch, static records => records.Count, static records => records, static (all, more) =>
            {
                all.AddRange(more);
                return all;
            })
            .SelectAsync(1, SubmitAsync)
            .SelectAsync(MaxUnderWay, SettleAsync);

    /// <summary>Stops the graph if another node of the cluster must read.</summary>
    private async Task StandByAsync(SharedKillSwitch stop, Task done)
    {
        while (!done.IsCompleted && IsActive())
        {
            await Task.WhenAny(done, Task.Delay(TimeSpan.FromSeconds(1), time, stopping.Token)).ConfigureAwait(false);
            if (stopping.IsCancellationRequested) break;
        }

        stop.Shutdown();
    }

    private Source<ExchangeEvent, Akka.NotUsed> ConnectionSource() => Source.From(() => ConnectAsync(stopping.Token));

    private async IAsyncEnumerable<ExchangeEvent> ConnectAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        phase = ConnectorPhase.Connecting;
        var next = new ExchangeConnection(options, exchange, Counts, time);
        await using var events = next.ReadAsync(cancellation).GetAsyncEnumerator(cancellation);
        try
        {
            while (await NextAsync(events, cancellation).ConfigureAwait(false))
            {
                if (events.Current is ConnectionOpened) Open(next);
                yield return events.Current;
            }

            Counts.Add("renewals");
            logger.ExchangeRenews(options.Name);
        }
        finally
        {
            Interlocked.CompareExchange(ref connection, null, next);
            if (phase == ConnectorPhase.Running) phase = ConnectorPhase.Connecting;
        }
    }

    /// <summary>The next event; a failure is reported before it is rethrown.</summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ExchangeEvent> events, CancellationToken cancellation)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            var error = e is ExchangeException { Error: var known } ? known : ExchangeError.Disconnected;
            Counts.Add(error == ExchangeError.Silent ? "silences" : "cuts");
            Fault(error, e.Message);
            logger.ExchangeEnded(options.Name, error, e.Message);
            throw;
        }
    }

    private void Open(ExchangeConnection opened)
    {
        lock (gate)
        {
            connection = opened;
            if (symbols.Count > 0) opened.Send(exchange.Subscribe([.. symbols]));
        }

        phase = ConnectorPhase.Running;
        Counts.Add("connections");
        logger.ExchangeConnected(options.Name, exchange.Url.Host, symbols.Count);
    }

    private async Task<(List<MarketRecord> Records, Task<IReadOnlyList<string>> Outcome)> SubmitAsync(List<MarketRecord> records)
    {
        var messages = new List<InboundMessage>(records.Count);
        foreach (var record in records) messages.Add(record.Message);
        return (records, (await target.SubmitAsync(messages, givingUp.Token).ConfigureAwait(false)).Durable);
    }

    private async Task<int> SettleAsync((List<MarketRecord> Records, Task<IReadOnlyList<string>> Outcome) submitted)
    {
        var refusals = await submitted.Outcome.WaitAsync(givingUp.Token).ConfigureAwait(false);
        foreach (var record in submitted.Records)
        {
            if (record.Number >= 0) durable[(record.Channel, record.Symbol)] = (record.Number, record.Nanoseconds);
        }

        if (refusals.Count > 0)
        {
            Interlocked.Add(ref rejected, refusals.Count);
            Counts.Add("unread", refusals.Count);
            logger.ExchangeRecordRefused(options.Name, refusals[0]);
        }

        Interlocked.Add(ref handled, submitted.Records.Count);
        Interlocked.Exchange(ref lastMessage, time.GetUtcNow().Ticks);
        return submitted.Records.Count;
    }

    private void Fault(ExchangeError error, string text)
    {
        Interlocked.Increment(ref errors);
        lastError = $"{error}: {options.Login?.Without(text) ?? text}";
        OnFault?.Invoke(error, lastError);
    }

    private void OnRequestFailed(Exception failure)
    {
        Counts.Add("request_errors");
        Fault(ExchangeError.RequestFailed, failure.Message);
        logger.ExchangeRequestFails(options.Name, failure.Message);
    }

    /// <summary>
    /// Reads the newest records of the engine, whichever node read them. Trades after the last one count as missing, and are requested once
    /// the next one arrives. Epochs continue after the last one, in case the clock of the previous node was ahead.
    /// </summary>
    private async Task ReadNewestAsync(CancellationToken cancellation)
    {
        var sources = options.Channels.ToDictionary(channel => ExchangeMarket.SourceOf(options, channel));
        foreach (var symbol in Symbols)
        {
            foreach (var newest in await target.NewestAsync(symbol, cancellation).ConfigureAwait(false))
            {
                if (!sources.TryGetValue(newest.Source, out var channel)) continue;
                if (newest.Epoch > 0) epoch = Math.Max(epoch, newest.Epoch);
                else if (exchange.StepOf(channel) > 0)
                    durable.AddOrUpdate(
                        (channel, symbol), (newest.Seq, 0), (_, known) => known.Number >= newest.Seq ? known : (newest.Seq, 0));
            }
        }
    }
}
