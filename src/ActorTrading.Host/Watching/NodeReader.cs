using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Host.Watching;

/// <summary>
/// Asks the partitions what only they know, at most once a second however many scrape, and keeps the answer for the instruments. An engine
/// that does not answer in time leaves the one before. Safe for any number of threads.
/// </summary>
internal sealed class NodeReader(
    Func<IEngine?> engine, Func<CancellationToken, Task<IReadOnlyList<LedgerLine>>> ledger, int symbols, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock sync = new();
    private NodeReading current = NodeReading.None;
    private Task reading = Task.CompletedTask;
    private long begun;
    private long finished;
    private (int Hosted, IReadOnlyList<Symbol> Shown) chosen = (-1, []);

    /// <summary>The last answer.</summary>
    public NodeReading Current => Volatile.Read(ref current);

    /// <summary>How old it is; null where there is none.</summary>
    public TimeSpan? Age => Interlocked.Read(ref finished) is > 0 and var at ? time.GetElapsedTime(at) : null;

    /// <summary>Asks anew, unless that was done just now, and waits for it, though not for ever.</summary>
    public async Task RefreshAsync(CancellationToken cancellation = default)
    {
        Task asked;
        lock (sync)
        {
            if (reading.IsCompleted && (begun == 0 || time.GetElapsedTime(begun) >= KeptFor))
            {
                begun = time.GetTimestamp();
                reading = ReadAsync();
            }

            asked = reading;
        }

        await Task.WhenAny(asked, Task.Delay(Patience, time, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task ReadAsync()
    {
        if (engine() is not { } asked) return;
        try
        {
            var lines = await ledger(CancellationToken.None);
            var (shown, hosted) = await ChooseAsync(asked);
            var plan = asked.Plan;
            var readings = await asked.ReadingsAsync(shown);
            if (plan != asked.Plan) return; // changed meanwhile: which are of which is not known
            Volatile.Write(ref current, new NodeReading(lines, readings, Math.Max(0, hosted - shown.Count), plan));
            Interlocked.Exchange(ref finished, time.GetTimestamp());
        }
        catch (EngineStoppedException)
        {
            // What it said last stands.
        }
    }

    /// <summary>The first by name. They are looked for again only when there are more symbols than before.</summary>
    private async Task<(IReadOnlyList<Symbol> Shown, int Hosted)> ChooseAsync(IEngine asked)
    {
        var hosted = asked.Partitions.Sum(partition => partition.Symbols);
        if (symbols > 0 && hosted != chosen.Hosted)
            chosen = (hosted, [.. (await asked.SymbolsAsync()).Take(symbols).Select(summary => summary.Symbol)]);
        return (chosen.Shown, hosted);
    }
}
