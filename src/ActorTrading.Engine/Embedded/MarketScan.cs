using System.Runtime.CompilerServices;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Embedded.Sleeping;

namespace ActorTrading.Engine.Embedded;

/// <summary>
/// Reads the market rows of all symbols of an engine, and then repeatedly the rows that changed. Costs each partition one request per
/// thousand symbols, and two look-ups per unchanged symbol. A passivated symbol is read from the journal once. For one reader.
/// </summary>
internal sealed class MarketScan(IReadOnlyList<Partition> partitions)
{
    private const int ReadAtOnce = 1_024; // number of symbols after which a partition processes records again

    private readonly Part[] parts = [.. partitions.Select(partition => new Part(partition))];

    /// <summary>First all symbols, then, once per interval, the symbols that have changed since.</summary>
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
        private readonly Dictionary<Symbol, StateVersion> seen = [];
        private Symbol[] symbols = [];
        private int members;

        public async Task<List<MarketReading>> ChangedAsync(CancellationToken cancellation)
        {
            if (partition.Symbols.Members is var now && now != members)
            {
                members = now;
                symbols = await partition.AskAsync(static asked =>
                    asked.Active.Select(symbol => symbol.Symbol).Concat(asked.Asleep.Select(symbol => symbol.Symbol)).ToArray())
                    .WaitAsync(cancellation).ConfigureAwait(false);
            }

            var changed = new List<MarketReading>();
            for (var start = 0; start < symbols.Length; start += ReadAtOnce)
            {
                var (from, to) = (start, Math.Min(start + ReadAtOnce, symbols.Length));
                var (awake, asleep) = await partition.AskAsync(asked => Changed(asked, from, to))
                    .WaitAsync(cancellation).ConfigureAwait(false);
                changed.AddRange(awake);
                var read = await PassivatedRead.ReadAllAsync(
                    asleep, static found => (Version: StateVersion.Of(found), Reading: found.ReadMarket()), cancellation)
                    .ConfigureAwait(false);
                foreach (var (version, reading) in read)
                {
                    if (seen.TryGetValue(reading.Symbol, out var before) && before == version) continue;
                    seen[reading.Symbol] = version;
                    changed.Add(reading);
                }
            }

            return changed;
        }

        /// <summary>Runs on the partition's thread.</summary>
        private (List<MarketReading> Awake, List<PassivatedRead> Asleep) Changed(PartitionSymbols asked, int from, int to)
        {
            var (changed, asleep) = (new List<MarketReading>(), new List<PassivatedRead>());
            foreach (var name in symbols.AsSpan(from..to))
            {
                if (asked.Find(name) is not { } symbol)
                {
                    if (asked.ReadPassivated(name) is { } look && look.Version != seen.GetValueOrDefault(name)) asleep.Add(look);
                    continue;
                }

                var version = StateVersion.Of(symbol);
                if (version == seen.GetValueOrDefault(name) || !symbol.HasRecords) continue;
                seen[name] = version;
                changed.Add(symbol.ReadMarket());
            }

            return (changed, asleep);
        }
    }
}
