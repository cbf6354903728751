using System.Runtime.CompilerServices;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// Reads what every symbol of an engine shows, time and again those that have changed. Costs each partition a question
/// for each thousand symbols, and two comparisons for one that has not changed. For one reader.
/// </summary>
internal sealed class MarketScan(IReadOnlyList<Partition> partitions)
{
    private const int ReadAtOnce = 1_024; // symbols between which a partition sees to its records

    private readonly Part[] parts = [.. partitions.Select(partition => new Part(partition))];

    /// <summary>First all symbols, then, once each interval, those that have changed since.</summary>
    public async IAsyncEnumerable<IReadOnlyList<MarketReading>> FollowAsync(
        TimeSpan every, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var changed = await Task.WhenAll(parts.Select(part => part.ChangedAsync(cancellation))).ConfigureAwait(false);
            yield return [.. changed.SelectMany(part => part)];
            await Task.Delay(every, cancellation).ConfigureAwait(false);
        }
    }

    private sealed class Part(Partition partition)
    {
        private HostedSymbol[] symbols = [];
        private MarketTrace.Mark[] seen = [];

        public async Task<List<MarketReading>> ChangedAsync(CancellationToken cancellation)
        {
            if (partition.Status.Symbols != symbols.Length)
            {
                // A dictionary that nothing is taken from lists what comes behind what there was.
                symbols = await partition.AskAsync(static asked => asked.Symbols.ToArray()).WaitAsync(cancellation).ConfigureAwait(false);
                Array.Resize(ref seen, symbols.Length);
            }

            var changed = new List<MarketReading>();
            for (var start = 0; start < symbols.Length; start += ReadAtOnce)
            {
                var (from, to) = (start, Math.Min(start + ReadAtOnce, symbols.Length));
                changed.AddRange(await partition.AskAsync(_ => Changed(from, to)).WaitAsync(cancellation).ConfigureAwait(false));
            }

            return changed;
        }

        /// <summary>On the partition's thread.</summary>
        private List<MarketReading> Changed(int from, int to)
        {
            var changed = new List<MarketReading>();
            for (var i = from; i < to; i++)
            {
                var symbol = symbols[i];
                var mark = MarketTrace.MarkOf(symbol);
                if (mark == seen[i] || !symbol.HasRecords) continue;
                seen[i] = mark;
                changed.Add(symbol.ReadMarket());
            }

            return changed;
        }
    }
}
