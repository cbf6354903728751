using System.Globalization;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Auditing;

namespace ActorTrading.Cluster.Hosting;

/// <summary>Commands of an operator's console: a command name in, output lines out. Independent of any console library.</summary>
internal sealed class TradingCommands(ClusterEngine engine)
{
    /// <summary>Name of the command palette.</summary>
    public const string Name = "trading";

    private int verifying;

    /// <summary>Every command: name, description, and whether it needs a symbol.</summary>
    public static IReadOnlyList<(string Name, string Description, bool NeedsSymbol)> All { get; } =
    [
        ("symbols", "Lists every symbol: shard, last price and its time, records applied and late, signals.", false),
        ("state", "Shows a symbol: last price, records, signals, state hash, and where it is hosted.", true),
        ("lag", "Shows each node: its shards and symbols, records per second, records in flight to them, and their delay.", false),
        ("drain", "Makes the connected node hand over its symbols, leave the cluster and stop.", false),
        ("verify", "Replays the whole journal and compares every snapshot and signal in it.", false),
    ];

    /// <summary>Runs a command.</summary>
    /// <param name="command">One of <see cref="All"/>.</param>
    /// <param name="symbol">The symbol, for a command that needs one.</param>
    /// <exception cref="ArgumentException">Unknown command or symbol; the message is for the operator.</exception>
    /// <exception cref="EngineStoppedException">The node is draining, or has stopped.</exception>
    public Task<IReadOnlyList<string>> RunAsync(
        string command, string? symbol = null, CancellationToken cancellation = default) => command switch
    {
        "symbols" => SymbolsAsync(cancellation),
        "state" => StateAsync(symbol, cancellation),
        "lag" => LagAsync(cancellation),
        "drain" => Task.FromResult(Drain()),
        "verify" => VerifyAsync(cancellation),
        _ => throw new ArgumentException($"Unknown command '{command}'; commands are {string.Join(", ", All.Select(one => one.Name))}."),
    };

    private static string Time(Timestamp time) => time == Timestamp.MinValue ? "never" : time.ToString();

    private async Task<IReadOnlyList<string>> SymbolsAsync(CancellationToken cancellation) =>
    [
        .. (await engine.SymbolsAsync(cancellation).ConfigureAwait(false)).Select(one =>
            Line($"{one.Symbol,-16} shard {one.Partition,4}  last {PriceOf(one)} at {Time(one.LastTime)}  ")
            + Line($"applied {one.Applied}  late {one.Late}  signals {one.Signals}")),
    ];

    private string PriceOf(SymbolSummary symbol) =>
        FixedPoint.Format(symbol.LastPrice, engine.Plan.For(symbol.Symbol).Units.PriceDecimals);

    private async Task<IReadOnlyList<string>> StateAsync(string? name, CancellationToken cancellation)
    {
        if (!Symbol.TryParse(name, out var symbol)) throw new ArgumentException($"'{name}' is not a symbol.");
        var state = await engine.StateAsync(symbol, null, cancellation).ConfigureAwait(false)
            ?? throw new ArgumentException($"No record of {symbol} has been accepted.");
        var shard = engine.ShardOf(symbol);
        var owner = (await engine.ShardsAsync(cancellation).ConfigureAwait(false)).Shards.FirstOrDefault(one => one.Number == shard)?.Owner
            ?? "no node yet";
        return
        [
            Line($"symbol      {symbol}"),
            Line($"shard       {shard}, hosted by {owner}"),
            Line($"last price  {FixedPoint.Format(state.Ohlcv.LastPrice, state.Plan.Units.PriceDecimals)} at {Time(state.Ohlcv.LastTime)}"),
            Line($"records     {state.Sources.Applied} applied, {state.Sources.Late} late"),
            Line($"signals     {state.Ohlcv.Signals}"),
            Line($"plan        {state.Plan.Settings.Hash}"),
            Line($"state hash  {StateHash.Of(state)}"),
        ];
    }

    private async Task<IReadOnlyList<string>> LagAsync(CancellationToken cancellation)
    {
        var report = await engine.ShardsAsync(cancellation).ConfigureAwait(false);
        var lines = report.Shards.GroupBy(shard => shard.Owner ?? "nobody").OrderBy(node => node.Key, StringComparer.Ordinal)
            .Select(node => Line($"{node.Key,-24} shards {node.Count()}  symbols {node.Sum(shard => shard.Symbols)}  ")
                + Line($"rate {node.Sum(shard => shard.Rate):0.0}/s  waiting {node.Sum(shard => shard.Waiting)}  ")
                + Line($"lag {node.Max(shard => shard.Lag).TotalSeconds:0.000} s"));
        var silent = report.SilentNodes.Select(node => $"{node} does not answer");
        return report.Shards.Count == 0 ? ["no shard has been seen yet", .. silent] : [.. lines, .. silent];
    }

    private IReadOnlyList<string> Drain()
    {
        // The drain does not wait for the audit log: a node can be stopped even if its disk hangs. The console does not identify its
        // user.
        engine.Audit?.Note(new AuditRecord(AuditRecord.Anonymous, "console", AuditPort.Cluster, AuditActions.NodeStop)
        {
            Target = engine.Address, Outcome = AuditOutcome.Done,
        });
        engine.Leave(); // this ends the console connection, too
        return [$"{engine.Address} drains, leaves and stops."];
    }

    private async Task<IReadOnlyList<string>> VerifyAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref verifying, 1) == 1)
            throw new ArgumentException("A verification is in progress; try again when it has finished.");
        try
        {
            var report = await engine.VerifyAsync(cancellation).ConfigureAwait(false);
            return
            [
                Line($"folded      {report.Records} records in {report.Events} events of {report.Symbols} symbols, ")
                + Line($"{report.Elapsed.TotalSeconds:0.00} s"),
                Line($"snapshots   {report.Snapshots} equal the replay of their events"),
                Line($"signals     {report.Signals} in the log equal the replay of their events"),
                .. report.Faults.Take(20).Select(fault => $"FAULT       {fault}"),
                $"state hash  {(report.Hash is { } hash ? hash.ToString() : "none, because events are damaged or missing")}",
                report.IsSound ? "sound" : Line($"NOT SOUND: {report.FaultCount} faults"),
            ];
        }
        finally
        {
            Volatile.Write(ref verifying, 0);
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
