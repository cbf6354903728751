using System.Threading.Channels;
using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Engine;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>The requests of a session to the REST interface of its exchange. Without that interface, nothing is requested.</summary>
internal sealed class ExchangeRequests : IDisposable
{
    private readonly ExchangeOptions options;
    private readonly IExchange exchange;
    private readonly ExchangeRest? rest;
    private readonly TimeProvider time;
    private readonly Action<Exception> onFailed;

    /// <param name="options">The options of the connector.</param>
    /// <param name="exchange">The exchange.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onFailed">Called for each failed request. Must not throw.</param>
    public ExchangeRequests(ExchangeOptions options, IExchange exchange, TimeProvider time, Action<Exception> onFailed)
    {
        (this.options, this.exchange, this.time, this.onFailed) = (options, exchange, time, onFailed);
        rest = exchange.RestUrl is { } address
            ? new ExchangeRest(address, exchange.RestHeaders, options.RequestEvery ?? exchange.Limits.RequestEvery, time) : null;
    }

    /// <summary>Tries to get missing items until they arrive or the time is over: first by waiting, then by requests.</summary>
    public async Task FillAsync(FillRange range, ChannelWriter<ExchangeEvent> answer, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        var rest = exchange.CanFill(range) ? this.rest : null;
        var patience = rest is null ? options.ReorderTimeout : options.GapTimeout;
        var wait = options.ReorderTimeout;
        var left = range;
        try
        {
            while (true)
            {
                await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
                var page = rest is null ? new FillPage([], left.From - 1) : await AskAsync(rest, left, cancellation).ConfigureAwait(false);
                var isCovered = page.CoveredTo >= range.To;
                var isOver = isCovered || time.GetElapsedTime(begun) >= patience;
                answer.TryWrite(new ItemsFilled(range, page, isOver));
                if (isOver) return;
                var hasMore = page.CoveredTo >= left.From;
                if (hasMore)
                    left = left with { From = page.CoveredTo + Math.Max(1, exchange.StepOf(range.Channel)), After = AfterOf(page, left) };
                wait = hasMore ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(2, (wait.TotalSeconds * 2) + 0.05));
            }
        }
        catch (OperationCanceledException)
        {
            // The session stops.
        }
    }

    private static long AfterOf(FillPage page, in FillRange left) => page.Items.Count > 0 ? page.Items[^1].Nanoseconds : left.After;

    private async Task<FillPage> AskAsync(ExchangeRest rest, FillRange range, CancellationToken cancellation)
    {
        try
        {
            return await exchange.FillAsync(rest, range, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfAnswer(e))
        {
            await FailAsync(e, cancellation).ConfigureAwait(false);
            return new FillPage([], range.From - 1);
        }
    }

    /// <summary>Requests a snapshot of an order book.</summary>
    public async Task AskForBookAsync(string symbol, ChannelWriter<ExchangeEvent> answer, CancellationToken cancellation)
    {
        try
        {
            var snapshot = rest is null ? null : await exchange.BookAsync(rest, symbol, cancellation).ConfigureAwait(false);
            answer.TryWrite(new BookAnswered(symbol, snapshot));
        }
        catch (Exception e) when (IsOfAnswer(e))
        {
            await FailAsync(e, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            answer.TryWrite(new BookAnswered(symbol, null));
        }
        catch (OperationCanceledException)
        {
            // The session stops.
        }
    }

    /// <summary>Whether a request failed, or its response does not have the documented form.</summary>
    private static bool IsOfAnswer(Exception e) =>
        e is ExchangeException or InvalidOperationException or KeyNotFoundException or FormatException
        or IndexOutOfRangeException or OverflowException or ArgumentException;

    /// <summary>Reports a failed request, and waits as long as the exchange requests.</summary>
    private async Task FailAsync(Exception failure, CancellationToken cancellation)
    {
        onFailed(failure);
        if (failure is ExchangeException { RetryAfter: { } wait }) await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
    }

    /// <summary>The difference by which the clock of the exchange is ahead of this machine's; null if it is not known.</summary>
    public async Task<TimeSpan?> ClockOffsetAsync(CancellationToken cancellation)
    {
        if (rest is null) return null;
        try
        {
            var before = time.GetUtcNow();
            if (await exchange.TimeAsync(rest, cancellation).ConfigureAwait(false) is not { } there) return null;
            var here = before + ((time.GetUtcNow() - before) / 2);
            return there - here;
        }
        catch (Exception e) when (IsOfAnswer(e))
        {
            await FailAsync(e, cancellation).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Requests the details of some symbols for a target.</summary>
    public async Task UseInstrumentsAsync(IExchangeTarget target, IReadOnlyList<string> some, CancellationToken cancellation)
    {
        if (rest is null || some.Count == 0 || options.Instruments == InstrumentUse.Off) return;
        try
        {
            await target.UseAsync(await exchange.InstrumentsAsync(rest, some, cancellation).ConfigureAwait(false), cancellation)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is PlanChangeException || IsOfAnswer(e))
        {
            await FailAsync(e, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => rest?.Dispose();
}
