using System.Globalization;
using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Telemetry;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Json;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Live;

/// <summary>
/// A subscriber to live events. Signals are read from their log and never skipped, even for a slow reader. All other topics keep the newest
/// unread events and report the number of missed ones. A slow subscriber delays only itself.
/// </summary>
internal sealed class Subscriber : IDisposable
{
    private const int MaxPumps = 65;

    private static readonly TimeSpan MarketPause = TimeSpan.FromMilliseconds(500);

    private readonly Node node;
    private readonly Caller caller;
    private readonly SubscriberOutput output;
    private readonly WebOptions options;
    private readonly Func<LiveEvent, byte[]> encode;
    private readonly Subscribers.Subscription entered;
    private readonly CancellationTokenSource over;
    private readonly TaskCompletionSource<Exception?> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LiveScope? scope; // of live events; null without access rules
    private readonly List<Task> pumps = [];
    private int watched; // number of symbols whose states are sent
    private long position = long.MaxValue; // in the signal log; MaxValue: not subscribed, no lag

    /// <summary>Registers a subscriber with that kind of connection.</summary>
    public Subscriber(Node node, Caller caller, IPush push, string kind, CancellationToken cancellation)
    {
        this.node = node;
        this.caller = caller;
        options = node.Options.Web;
        encode = happened => LiveEventJson.Of(happened, node);
        over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        output = new SubscriberOutput(push, options, over);
        if (caller.RulesChanged is not null)
        {
            scope = new LiveScope(caller.ReadScope);
            Run(() => FollowRulesAsync(scope));
        }

        entered = node.Telemetry.Subscribers.Enter(kind, () => node.Hosted.LastSignal - Interlocked.Read(ref position));
    }

    /// <summary>Completes when nothing more can be sent: with the exception, or null when the engine has stopped.</summary>
    public Task<Exception?> End => end.Task;

    /// <summary>
    /// Starts to send the subscribed topics, after a confirmation message. Events after the return of this method are not missed.
    /// </summary>
    /// <exception cref="RequestFault">There are too many subscriptions, the position is beyond the end of the log, or the caller may not
    /// see a symbol.</exception>
    public async Task SubscribeAsync(Subscription wanted)
    {
        if (Count() >= MaxPumps) throw new RequestFault(400, "bad_subscribe", "there are too many subscriptions on this connection");
        caller.MustRead(wanted.Symbols ?? Enumerable.Empty<Symbol>());
        var last = node.Hosted.LastSignal;
        if (wanted.From > last)
            throw new RequestFault(400, "bad_subscribe", $"from: {wanted.From} is ahead of the log, which ends at {last}");
        var from = wanted.From ?? last;
        var begun = new List<Func<Task>>();
        if (wanted.Topics.HasFlag(Topic.State)) // first, because it may be rejected
        {
            var states = node.States.ReadAsync(Watch(wanted.Symbols), over.Token);
            begun.Add(() => PumpAsync(states));
        }

        if (wanted.Topics.HasFlag(Topic.Bars)) Live("bars", new LiveFilter(wanted.Symbols, wanted.Frames));
        if (wanted.Topics.HasFlag(Topic.Ticks)) Live("ticks", new LiveFilter(wanted.Symbols, null, Bars: false, Ticks: true));
        if (wanted.Topics.HasFlag(Topic.Late)) Live("late", new LiveFilter(wanted.Symbols, null, Bars: false, Late: true));

        if (wanted.Topics.HasFlag(Topic.Rejects))
        {
            var refusals = node.Ingest.Running.Rejects.LiveAsync(over.Token);
            begun.Add(() => PumpAsync(refusals, wanted));
        }

        if (wanted.Topics.HasFlag(Topic.Market)) begun.Add(() => PumpMarketAsync(wanted));
        await output.SendAsync("subscribed", null, json =>
        {
            json.WriteTexts("topics", wanted.TopicNames);
            json.WriteNumber("from", from);
            json.WriteNumber("last", last);
        });
        if (wanted.Topics.HasFlag(Topic.Signals)) begun.Add(() => PumpAsync(from, wanted));
        foreach (var pump in begun) Run(pump);

        void Live(string topic, LiveFilter filter)
        {
            var events = node.Engine.LiveAsync(filter with { Scope = scope }, over.Token);
            begun.Add(() => PumpAsync(topic, events));
        }
    }

    /// <summary>Sends heartbeats.</summary>
    public void Beat(TimeProvider time) => Run(async () =>
    {
        using var timer = new PeriodicTimer(options.Heartbeat, time);
        while (await timer.WaitForNextTickAsync(over.Token))
        {
            Renew(); // checks the rights even when nothing else is sent
            var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            await output.SendAsync("heartbeat", null, Encoding.ASCII.GetBytes(now.ToString(CultureInfo.InvariantCulture)));
        }
    });

    /// <summary>Sends an error message.</summary>
    public Task ErrorAsync(string code, string message) => output.SendAsync("error", null, json =>
    {
        json.WriteString("code", code);
        json.WriteString("message", message);
    });

    /// <summary>Stops all sending and waits for its end. A message in progress is completed when the client reads it soon enough.</summary>
    public async Task StopAsync()
    {
        await output.StopAsync();
        Task[] all;
        lock (pumps) all = [.. pumps];
        await Task.WhenAll(all);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        entered.Dispose();
        over.Dispose();
        output.Dispose();
    }

    private async Task PumpAsync(long from, Subscription wanted)
    {
        Interlocked.Exchange(ref position, from);
        await foreach (var logged in node.Engine.SignalsAsync(from, over.Token))
        {
            if (wanted.Symbols?.Contains(logged.Signal.Symbol) != false && MaySee(logged.Signal.Symbol))
                await output.SendAsync("signal", logged.Position, json => LoggedSignalJson.Write(json, logged), isWhole: true);
            Interlocked.Exchange(ref position, logged.Position);
        }
    }

    private async Task PumpAsync(string topic, IAsyncEnumerable<LiveEvent> events)
    {
        await foreach (var happened in events)
        {
            if (happened.Missed > 0) await MissedAsync(topic, happened.Missed);
            if (!MaySee(happened.Bar?.Symbol ?? happened.Late?.Symbol ?? happened.Tick?.Symbol)) continue;
            var name = happened.Bar is not null ? "bar" : happened.Late is not null ? "late" : "tick";
            await output.SendAsync(name, null, happened.EncodedBy(encode));
        }
    }

    /// <summary>Updates the scope of live events when the access rules change.</summary>
    private async Task FollowRulesAsync(LiveScope live)
    {
        while (true)
        {
            var changed = caller.RulesChanged!;
            Renew();
            live.Change(caller.ReadScope);
            await changed.WaitAsync(over.Token);
        }
    }

    /// <summary>Sends the market: all rows in as many messages as needed, then changes, with a pause between messages.</summary>
    private async Task PumpMarketAsync(Subscription wanted)
    {
        using var watch = node.Market.Enter();
        await watch.Complete.WaitAsync(over.Token);
        var viewer = new MarketViewer(watch, symbol => wanted.Symbols?.Contains(symbol) != false && caller.MayRead(symbol));
        do
        {
            Renew();
            await output.SendAsync("market", null, viewer.Write);
        }
        while (viewer.IsCut);

        while (true)
        {
            await Task.Delay(MarketPause, options.Time, over.Token);
            Renew();
            if (viewer.IsBehind) await output.SendAsync("market", null, viewer.Write);
        }
    }

    private async Task PumpAsync(IAsyncEnumerable<LiveReject> refusals, Subscription wanted)
    {
        await foreach (var (refusal, missed) in refusals)
        {
            if (missed > 0) await MissedAsync("rejects", missed);
            if (refusal is null || !MaySee(refusal.Symbol)
                || (wanted.Symbols is { } symbols && (refusal.Symbol is null || !symbols.Contains(refusal.Symbol)))) continue;
            await output.SendAsync("reject", null, json => RejectsJson.Write(json, refusal, isWhole: false));
        }
    }

    private async Task PumpAsync(IAsyncEnumerable<(Symbol Symbol, ReadOnlyMemory<byte> Json)> states)
    {
        await foreach (var (symbol, json) in states)
        {
            if (MaySee(symbol)) await output.SendAsync("state", null, json);
        }
    }

    /// <summary>The symbols whose states to send; all must be within the limit of the connection.</summary>
    private IReadOnlySet<Symbol> Watch(IReadOnlySet<Symbol>? symbols)
    {
        if (symbols is null) throw new RequestFault(400, "bad_subscribe", "symbols: the topic 'state' requires a list of symbols");
        if (Interlocked.Add(ref watched, symbols.Count) > StateWatch.MostSymbols)
        {
            Interlocked.Add(ref watched, -symbols.Count);
            throw new RequestFault(400, "bad_subscribe", $"symbols: at most {StateWatch.MostSymbols} for topic 'state' on a connection");
        }

        return symbols;
    }

    private Task MissedAsync(string topic, long count)
    {
        entered.Missed(count);
        return output.SendAsync("missed", null, json =>
        {
            json.WriteString("topic", topic);
            json.WriteNumber("count", count);
        });
    }

    private void Renew()
    {
        if (!caller.Renew()) throw Caller.NotAllowed("The access rules no longer allow you to read anything.");
    }

    /// <summary>
    /// Whether the caller may see the symbol by the current access rules. For an event without a symbol: whether it may see every symbol.
    /// </summary>
    private bool MaySee(Symbol? symbol)
    {
        Renew();
        return symbol is null ? caller.MayReadEverySymbol : caller.MayRead(symbol);
    }

    private int Count()
    {
        lock (pumps) return pumps.Count;
    }

    private void Run(Func<Task> pump)
    {
        lock (pumps) pumps.Add(WatchAsync());

        async Task WatchAsync()
        {
            try
            {
                await pump();
                end.TrySetResult(null);
            }
            catch (Exception exception)
            {
                end.TrySetResult(exception);
            }
        }
    }
}
