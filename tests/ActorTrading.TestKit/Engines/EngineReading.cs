using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine;
using ActorTrading.TestKit.Folding;
using Xunit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Engines;

/// <summary>Compares engines with the market in memory.</summary>
public static class EngineReading
{
    /// <summary>Time limit of every wait. No test passes because of it.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>Returns when the condition is true; throws after the time limit.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Timeout);
        while (!isSo()) await Task.Delay(20, patience.Token);
    }

    /// <summary>The hash of each symbol, by name.</summary>
    public static async Task<List<string>> HashesAsync(IEngine engine)
    {
        var hashes = new List<string>();
        foreach (var summary in await engine.SymbolsAsync())
            hashes.Add($"{summary.Symbol} {StateHash.Of((await engine.StateAsync(summary.Symbol))!)}");
        return hashes;
    }

    /// <summary>The hash of each symbol, by name.</summary>
    public static List<string> Hashes(Market market) => [.. market.Hashes().Select(pair => $"{pair.Key} {pair.Value}")];

    /// <summary>Signals of the log after a position, up to a number.</summary>
    public static async Task<List<LoggedSignal>> SignalsAsync(IEngine engine, long after, int count)
    {
        using var patience = new CancellationTokenSource(Timeout);
        var signals = new List<LoggedSignal>();
        if (count == 0) return signals;
        await foreach (var signal in engine.SignalsAsync(after, patience.Token))
        {
            signals.Add(signal);
            if (signals.Count == count) break;
        }

        return signals;
    }

    /// <summary>
    /// Checks that the whole log has no gap and contains, for each symbol, the signals of the market, once each and in order.
    /// </summary>
    public static async Task AssertSignalsAsync(IEngine engine, FoldLog expected)
    {
        var log = await SignalsAsync(engine, 0, expected.Signals.Count);
        Assert.Equal(Enumerable.Range(1, log.Count).Select(position => (long)position), log.Select(signal => signal.Position));
        Assert.Equal(
            expected.Signals.GroupBy(signal => signal.Symbol).OrderBy(group => group.Key).SelectMany(group => group.Select(Seen.Signal)),
            log.Select(signal => signal.Signal).GroupBy(signal => signal.Symbol).OrderBy(group => group.Key)
                .SelectMany(group => group.Select(Seen.Signal)));
    }

    /// <summary>Checks that the engine has the symbols, states and signals of the market.</summary>
    public static async Task AssertSameAsync(IEngine engine, Market market, FoldLog log)
    {
        Assert.Equal(Hashes(market), await HashesAsync(engine));
        await AssertSignalsAsync(engine, log);
    }

    /// <summary>The market after these inputs.</summary>
    public static (Market Market, FoldLog Log) MarketOf(Plan plan, IEnumerable<Input> inputs)
    {
        var log = new FoldLog();
        var market = new Market(plan, log);
        foreach (var input in inputs)
        {
            if (input.Clock is { } clock) market.AdvanceClock(clock);
            else market.OnRecord(input.Record);
        }

        _ = market.Ledger; // folds the last ones
        return (market, log);
    }

    /// <summary>Sends inputs in batches, several at a time; returns the outcomes of the batches.</summary>
    public static async Task<List<IngestResult>> SendAsync(IEngine engine, IEnumerable<Input> inputs, int batchSize)
    {
        var under = new List<Task<IngestResult>>();
        var batch = new List<Record>();
        foreach (var input in inputs)
        {
            if (input.Clock is { } clock)
            {
                await FlushAsync();
                await engine.AdvanceClockAsync(clock);
                continue;
            }

            batch.Add(input.Record);
            if (batch.Count == batchSize) await FlushAsync();
        }

        await FlushAsync();
        return [.. await Task.WhenAll(under).WaitAsync(Timeout)];

        async Task FlushAsync()
        {
            if (batch.Count > 0) under.Add((await engine.SubmitAsync(batch.ToArray())).Durable);
            batch.Clear();
        }
    }

    /// <summary>Records as inputs.</summary>
    public static List<Input> Inputs(IEnumerable<Record> records) => [.. records.Select(record => Input.Of(record))];
}
