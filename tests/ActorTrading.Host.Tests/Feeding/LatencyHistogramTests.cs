using ActorTrading.Host.Feeding;

namespace ActorTrading.Host.Tests.Feeding;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Parts = [0, 0.001, 0.5, 0.9, 0.99, 0.999, 1];

    [Fact]
    public void EveryPercentile_IsTheOneOfTheSortedValues_AtMostOnePartIn128TooLong()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 18)).ToList();
        var histogram = new LatencyHistogram();
        foreach (var value in values) histogram.Add(value);
        values.Sort();

        Assert.Equal(values.Count, histogram.Count);
        foreach (var part in Parts)
        {
            var exact = values[Math.Max(0, (int)Math.Ceiling(part * values.Count) - 1)];
            Assert.InRange(histogram.Percentile(part), exact, exact + (exact / 128));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(long.MaxValue)]
    public void OneValue_IsEveryPercentile(long value)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(value);
        foreach (var part in Parts) Assert.Equal(value, histogram.Percentile(part));
    }

    [Fact]
    public void ValueAddedManyTimes_CountsAsOften()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(10, 99);
        histogram.Add(100);

        Assert.Equal(10, histogram.Percentile(0.99));
        Assert.Equal(100, histogram.Percentile(0.995));
    }

    [Fact]
    public void Sum_HasTheValuesOfBoth()
    {
        var (left, right) = (new LatencyHistogram(), new LatencyHistogram());
        left.Add(5);
        right.Add(7_000);
        left.Add(right);

        Assert.Equal(2, left.Count);
        Assert.Equal(5, left.Percentile(0.5));
        Assert.Equal(7_000, left.Max);
    }

    [Fact]
    public void Nothing_IsZero() => Assert.Equal(0, new LatencyHistogram().Percentile(0.99));

    [Fact]
    public void NegativeDuration_CountsAsNone()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(-1);
        Assert.Equal((1, 0), (histogram.Count, histogram.Percentile(1)));
    }
}
