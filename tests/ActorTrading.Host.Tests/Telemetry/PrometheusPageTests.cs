using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using ActorTrading.Host.Telemetry.Prometheus;

namespace ActorTrading.Host.Tests.Telemetry;

public sealed class PrometheusPageTests : IDisposable
{
    private readonly Meter meter = new("test");
    private readonly PrometheusPage page;

    public PrometheusPageTests() => page = new PrometheusPage(shown => ReferenceEquals(shown, meter));

    public void Dispose()
    {
        page.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void Counter_EndsInTotal_AndSumsPerLabels()
    {
        var counter = meter.CreateCounter<long>("market.orders", "{order}", "Orders taken.");
        counter.Add(2, new KeyValuePair<string, object?>("side", "buy"));
        counter.Add(3, new KeyValuePair<string, object?>("side", "sell"));
        counter.Add(5, new KeyValuePair<string, object?>("side", "buy"));
        Assert.Equal(
            """
            # HELP market_orders_total Orders taken.
            # TYPE market_orders_total counter
            market_orders_total{side="buy"} 7
            market_orders_total{side="sell"} 3

            """.ReplaceLineEndings("\n"), Text());
    }

    [Fact]
    public void Histogram_WritesEachBucketWithAllSmallerOnes()
    {
        var histogram = meter.CreateHistogram(
            "wait", "s", "How long.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        foreach (var value in new[] { 0.1, 0.5, 0.7, 1, 3 }) histogram.Record(value);
        Assert.Equal(
            """
            # HELP wait_seconds How long.
            # TYPE wait_seconds histogram
            wait_seconds_bucket{le="0.5"} 2
            wait_seconds_bucket{le="1"} 4
            wait_seconds_bucket{le="+Inf"} 5
            wait_seconds_sum 5.3
            wait_seconds_count 5

            """.ReplaceLineEndings("\n"), Text());
    }

    [Fact]
    public void WhatIsAskedAtTheScrape_IsNotThereAnyMoreOnceItIsGone()
    {
        var symbols = new List<string> { "AAPL", "MSFT" };
        meter.CreateObservableGauge(
            "price", () => symbols.Select(symbol => new Measurement<double>(1.5, new KeyValuePair<string, object?>("symbol", symbol))),
            null, "Price.");
        Assert.Equal(2, Read()["price"].Samples.Count);
        symbols.RemoveAt(0);
        Assert.Equal("MSFT", Assert.Single(Read()["price"].Samples).Labels["symbol"]);
        symbols.Clear();
        Assert.Empty(Text());
    }

    [Fact]
    public void Labels_HelpAndNames_ComeBackAsTheyWere()
    {
        const string Nasty = "a\"b\\c\nd{e},=é\\n";
        var gauge = meter.CreateGauge<double>("1.odd-name/x", "By", "Two\nlines and a \\ too.");
        gauge.Record(
            double.PositiveInfinity, new KeyValuePair<string, object?>("http.route", Nasty),
            new KeyValuePair<string, object?>("none", null));
        var metric = Assert.Single(Read()).Value;
        Assert.Equal("_1_odd_name_x_bytes", metric.Name);
        Assert.Equal(@"Two\nlines and a \\ too.", metric.Help);
        var sample = Assert.Single(metric.Samples);
        Assert.Equal(Nasty, sample.Labels["http_route"]);
        Assert.Equal("", sample.Labels["none"]);
        Assert.Equal(double.PositiveInfinity, sample.Value);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1e300)]
    [InlineData(-5e-324)]
    [InlineData(9007199254740993.0)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Numbers_ReadBackToTheSame(double value)
    {
        meter.CreateGauge<double>("value", null, "A value.").Record(value);
        Assert.Equal(value, Assert.Single(Read()["value"].Samples).Value);
    }

    [Fact]
    public void MoreSeriesThanThereIsRoomFor_GoIntoOne_AndNothingIsLost()
    {
        var counter = meter.CreateCounter<long>("visits", null, "Visits.");
        var histogram = meter.CreateHistogram<int>("size", null, "Sizes.");
        for (var i = 0; i < MetricFamily.MaxSeries + 10; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("from", i));
            histogram.Record(1, new KeyValuePair<string, object?>("from", i));
        }

        var metrics = Read();
        Assert.Equal(MetricFamily.MaxSeries + 1, metrics["visits_total"].Samples.Count);
        Assert.Equal(10, metrics["visits_total"].Samples.Single(sample => sample.Labels.ContainsKey("otel_metric_overflow")).Value);
        Assert.Equal(
            MetricFamily.MaxSeries + 10, metrics["size"].Samples.Where(sample => sample.Name == "size_count").Sum(sample => sample.Value));
    }

    [Fact]
    public void AnotherMeter_IsNotShown()
    {
        using var other = new Meter("test");
        other.CreateCounter<long>("elsewhere").Add(1);
        Assert.Empty(Text());
    }

    [Fact]
    public async Task ScrapesWhileOthersCount_AreWholeEachTime()
    {
        var counter = meter.CreateCounter<long>("counted", null, "Counted.");
        var histogram = meter.CreateHistogram<double>("timed", "s", "Timed.");
        meter.CreateObservableGauge("asked", () => 1L, null, "Asked.");
        var counting = Enumerable.Range(0, 3).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("worker", worker));
                histogram.Record(i % 7);
            }
        })).ToList();
        var scraping = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!counting.All(task => task.IsCompleted)) Read();
        }));
        await Task.WhenAll([.. counting, .. scraping]);
        var metrics = Read();
        Assert.Equal(60_000, metrics["counted_total"].Samples.Sum(sample => sample.Value));
        Assert.Equal(60_000, metrics["timed_seconds"].Samples.Single(sample => sample.Name == "timed_seconds_count").Value);
    }

    [Theory]
    [InlineData("x 1\n")]
    [InlineData("# HELP x X.\n# TYPE x gauge\nx 1")]
    [InlineData("# HELP x X.\n# TYPE x counter\nx 1\n")]
    [InlineData("# HELP x X.\n# TYPE x gauge\nx{a=\"1\"} 1\nx{a=\"1\"} 2\n")]
    [InlineData("# HELP x X.\n# TYPE x gauge\nx{a=\"\\q\"} 1\n")]
    [InlineData("# HELP x X.\n# TYPE x histogram\nx_bucket{le=\"1\"} 3\nx_bucket{le=\"+Inf\"} 2\nx_sum 1\nx_count 2\n")]
    public void Checker_RefusesWhatIsWrong(string text) =>
        Assert.Throws<FormatException>(() => PrometheusChecker.Read(Encoding.UTF8.GetBytes(text)));

    private IReadOnlyDictionary<string, Metric> Read() => PrometheusChecker.Read(Page().WrittenSpan);

    private string Text() => Encoding.UTF8.GetString(Page().WrittenSpan);

    private ArrayBufferWriter<byte> Page()
    {
        var written = new ArrayBufferWriter<byte>();
        page.Write(written);
        return written;
    }
}
