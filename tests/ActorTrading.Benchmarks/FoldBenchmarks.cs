using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Engine;
using BenchmarkDotNet.Attributes;

namespace ActorTrading.Benchmarks;

/// <summary>
/// From records in memory to folded state: the default plan on all its frames, including deduplication and ledger, on one core. Time and
/// memory are per tick. Does not measure reading, parsing or output.
/// </summary>
[MemoryDiagnoser]
public class FoldBenchmarks
{
    private const int Ticks = 1_000_000;

    private readonly Record[] records = new Record[Ticks];
    private SteadyMarket source = null!;
    private Market market = null!;

    /// <summary>Number of symbols, over which the ticks are distributed evenly and at random.</summary>
    [Params(10, 200, 10_000, 100_000)]
    public int Symbols { get; set; }

    [GlobalSetup]
    public void WarmUp()
    {
        source = new SteadyMarket(Symbols);
        market = new Market(Plan.Default, NoOutput.Instance);
        for (var i = 0; i < 1 + (Symbols * 120L / Ticks); i++)
        {
            source.Next(records);
            Fold();
        }
    }

    [IterationSetup]
    public void Next() => source.Next(records);

    [Benchmark(OperationsPerInvoke = Ticks)]
    public void Fold()
    {
        foreach (ref readonly var record in records.AsSpan()) market.OnRecord(record);
    }
}
