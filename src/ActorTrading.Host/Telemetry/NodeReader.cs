using ActorTrading.Domain.Values;
using ActorTrading.Engine;

namespace ActorTrading.Host.Telemetry;

/// <summary>
/// Reads the partitions for the observable instruments, at most once a second for any number of scrapes, and caches the result. When the
/// engine does not answer in time, the previous result remains. Thread-safe.
/// </summary>
internal sealed class NodeReader(
    Func<IEngine?> engine, Func<CancellationToken, Task<IReadOnlyList<LedgerLine>>> ledger, int symbols, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Lock sync = new();
    private NodeReading current = NodeReading.None;
    private Task reading = Task.CompletedTask;
    private long begun;
    private long finished;
    private (int Hosted, IReadOnlyList<Symbol> Shown) chosen = (-1, []);

    /// <summary>The cached result.</summary>
    public NodeReading Current => Volatile.Read(ref current);

    /// <summary>The age of the cached result; null when there is none.</summary>
    public TimeSpan? Age => Interlocked.Read(ref finished) is > 0 and var at ? time.GetElapsedTime(at) : null;

    /// <summary>Refreshes the cached result unless it is recent, and waits for it up to a time limit.</summary>
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

        await Task.WhenAny(asked, Task.Delay(Timeout, time, cancellation));
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
            if (plan != asked.Plan) return; // the plan changed meanwhile: the readings cannot be assigned to a plan
            Volatile.Write(ref current, new NodeReading(lines, readings, Math.Max(0, hosted - shown.Count), plan));
            Interlocked.Exchange(ref finished, time.GetTimestamp());
        }
        catch (EngineStoppedException)
        {
            // Keep the previous result.
        }
    }

    /// <summary>Chooses the first symbols by name. They are chosen again only when the number of symbols has grown.</summary>
    private async Task<(IReadOnlyList<Symbol> Shown, int Hosted)> ChooseAsync(IEngine asked)
    {
        var hosted = asked.Partitions.Sum(partition => partition.Symbols);
        if (symbols > 0 && hosted != chosen.Hosted)
            chosen = (hosted, [.. (await asked.SymbolsAsync()).Take(symbols).Select(summary => summary.Symbol)]);
        return (chosen.Shown, hosted);
    }
}
