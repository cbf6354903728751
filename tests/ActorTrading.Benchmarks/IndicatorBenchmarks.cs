using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators;
using BenchmarkDotNet.Attributes;

namespace ActorTrading.Benchmarks;

/// <summary>One step of each indicator, with its default arguments, on a random walk. Does not measure cache misses.</summary>
public class IndicatorBenchmarks
{
    private const int Steps = 4096;

    private readonly Bar[] bars = new Bar[Steps];
    private readonly double[] values = new double[4];
    private long[] words = [];
    private Indicator indicator = null!;

    public static IEnumerable<string> Names => IndicatorRegistry.All.Select(kind => kind.Name);

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        if (!IndicatorSpec.TryParse(Name, out var spec, out var error)) throw new InvalidOperationException(error.Message);
        var layout = new StateLayout();
        indicator = spec.Kind.Create(new Arguments(spec.Arguments), layout);
        words = new long[layout.Words];
        var random = new Random(1);
        var price = 100_00000000L;
        for (var i = 0; i < Steps; i++)
        {
            var open = price;
            price = Math.Max(1_00000000, price + random.Next(-50_000_000, 50_000_001));
            bars[i] = new Bar
            {
                OpenTime = i, Open = open, Close = price, Ticks = 1, Volume = random.Next(1, 1_000_000),
                High = Math.Max(open, price) + 1_000_000, Low = Math.Min(open, price) - 1_000_000,
            };
        }
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public void Step()
    {
        foreach (ref readonly var bar in bars.AsSpan()) indicator.Step(bar, words, values);
    }
}
