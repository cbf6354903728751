using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Simulation;

namespace ActorTrading.Benchmarks;

/// <summary>
/// An endless calm market in which each symbol ticks once a second, whatever the number of symbols: bars close equally often, and only the
/// memory of the symbols grows. No record is repeated, because a fold drops duplicates.
/// </summary>
internal sealed class SteadyMarket(int symbols)
{
    private readonly MarketGenerator generator = new(new MarketOptions
    {
        Symbols = symbols, Step = Timestamp.Second / symbols, Ticks = 1_000_000_000,
    });

    /// <summary>Fills the array with the next records.</summary>
    public void Next(Record[] records)
    {
        for (var i = 0; i < records.Length; i++)
        {
            if (!generator.TryNext(out records[i])) throw new InvalidOperationException("The market has ended.");
        }
    }
}
