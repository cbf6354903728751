using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using Akka.Actor;

namespace ActorTrading.Cluster.Queries;

/// <summary>
/// Collects market readings of this node's active symbols on request. Each requesting node gets the changes since its last request.
/// Requests within 0.8 s share one collection. Symbols are asked directly, not through their shards: queries do not activate symbols
/// and do not delay passivation.
/// </summary>
internal sealed class MarketActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(300);

    private readonly NodeContext symbols;
    private readonly long collector = Random.Shared.NextInt64(1, long.MaxValue);
    private readonly Dictionary<Symbol, Row> rows = [];
    private readonly List<(IActorRef Asker, GetMarket Asked)> waiting = [];
    private readonly HashSet<Symbol> awaited = [];
    private long changes;
    private long collectedAt = long.MinValue / 2;

    public MarketActor(NodeContext symbols)
    {
        this.symbols = symbols;
        Receive<GetMarket>(asked =>
        {
            if (waiting.Count == 0 && Environment.TickCount64 - collectedAt < Fresh.TotalMilliseconds)
            {
                Answer(Sender, asked);
                return;
            }

            waiting.Add((Sender, asked));
            if (waiting.Count == 1) Collect();
        });
        Receive<SymbolAnswer>(answer =>
        {
            var symbol = answer.Entry.Summary.Symbol;
            if (answer.Market is not null) rows[symbol] = new Row(answer.Market, answer.Version, ++changes);
            else if (answer.Entry.Events == 0) rows.Remove(symbol); // deleted
            if (awaited.Remove(symbol) && awaited.Count == 0) AnswerAll();
        });
        Receive<Overdue>(_ => AnswerAll()); // a late answer is part of the next page
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props For(NodeContext symbols) => Props.Create(() => new MarketActor(symbols));

    private void Collect()
    {
        var awake = symbols.Awake;
        foreach (var symbol in rows.Keys.Where(symbol => !awake.ContainsKey(symbol)).ToList()) rows.Remove(symbol);
        awaited.Clear();
        foreach (var (symbol, actor) in awake)
        {
            awaited.Add(symbol);
            actor.Tell(new GetSymbol(symbol, SymbolParts.Market, rows.TryGetValue(symbol, out var row) ? row.Version : default));
        }

        if (awaited.Count == 0) AnswerAll();
        else Timers.StartSingleTimer(nameof(Overdue), Overdue.Instance, Timeout);
    }

    private void AnswerAll()
    {
        Timers.Cancel(nameof(Overdue));
        collectedAt = Environment.TickCount64;
        awaited.Clear();
        foreach (var (asker, asked) in waiting) Answer(asker, asked);
        waiting.Clear();
    }

    private void Answer(IActorRef asker, GetMarket asked)
    {
        var after = asked.Collector == collector ? asked.After : 0;
        var changed = rows.Values.Where(row => row.Change > after).OrderBy(row => row.Change).ToList();
        var isCut = changed.Count > symbols.Options.DirectoryPage;
        if (isCut) changed.RemoveRange(symbols.Options.DirectoryPage, changed.Count - symbols.Options.DirectoryPage);
        var last = changed.Count > 0 ? changed[^1].Change : after;
        asker.Tell(new MarketPage(collector, last, isCut, [.. changed.Select(row => row.Reading)]));
    }

    private sealed record Row(MarketReading Reading, StateVersion Version, long Change);

    private sealed class Overdue
    {
        public static readonly Overdue Instance = new();
    }
}
