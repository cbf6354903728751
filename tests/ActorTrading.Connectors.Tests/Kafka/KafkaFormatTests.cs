using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Connectors.Tests.Kafka;

/// <summary>Messages of the replaced systems are read unchanged, and give the values that those systems compute.</summary>
public class KafkaFormatTests
{
    private static readonly Plan Averages = Plan.Parse("""{"frames":["tick","1min"],"indicators":["sma(100)","ema(100)"]}""");

    /// <c>{"ISIN","PRICE","DATETIME"}</c> on the topic prices: EMA and MA of 100 values, absent before the 100th.
    [Fact]
    public async Task PricesOfSecurities_GiveTheirAverages()
    {
        await using var rig = await KafkaRig.StartAsync(Averages);
        rig.Cluster.CreateTopic("prices", 2);
        var connector = rig.Connect("""
            "topics":"prices","group":"g"
            """);
        var prices = Prices(150);
        await rig.Cluster.ProduceAsync("prices", 0, prices.Select((price, i) =>
            $$"""{"ISIN":"GB00B03MLX29","PRICE":{{Text(price)}},"DATETIME":"2024-07-09T{{11 + (i / 60):00}}:{{i % 60:00}}:00"}"""));
        await rig.Cluster.ProduceAsync("prices", 1, prices[..99].Select((price, i) =>
            $$"""{"ISIN":"DE0007164600","PRICE":{{Text(price)}},"DATETIME":"2024-07-09T{{11 + (i / 60):00}}:{{i % 60:00}}:00"}"""));
        await rig.AppliedAsync(249);
        await AssertAveragesAsync(rig, "GB00B03MLX29", prices);
        await AssertAveragesAsync(rig, "DE0007164600", prices[..99]);
        Assert.Equal(0, connector.Status.Rejected);
    }

    /// <c>{"stock_id","price","time_frame"}</c> on the topic stock_data: a price or a list, without a time.
    [Fact]
    public async Task PricesOfStocks_OneOrManyAMessage_HaveTheTimeOfTheirMessage()
    {
        await using var rig = await KafkaRig.StartAsync(Averages);
        rig.Cluster.CreateTopic("stock_data");
        var connector = rig.Connect("""
            "topics":"stock_data","group":"g","records_per_message":50
            """);
        var prices = Prices(140);
        var time = new DateTimeOffset(2024, 7, 9, 11, 0, 0, TimeSpan.Zero);
        await rig.Cluster.ProduceAsync(
            "stock_data", 0, prices[..40].Select(price => $$"""{"stock_id":"AAPL","price":{{Text(price)}},"time_frame":"1min"}"""), time);
        await rig.Cluster.ProduceAsync("stock_data", 0, [ListOf(prices[40..90]), ListOf(prices[90..])], time.AddMinutes(1));
        await rig.AppliedAsync(140);
        await AssertAveragesAsync(rig, "AAPL", prices);
        var state = (await rig.Engine.StateAsync(Symbol.Parse("AAPL")))!;
        Assert.Equal(time.AddMinutes(1).ToUnixTimeMilliseconds(), state.Ohlcv.LastTime.Nanoseconds / 1_000_000);
        await Until.True(() => connector.Status.Messages == 42, "all are handled");
        Assert.Equal(0, connector.Status.Rejected);

        static string ListOf(double[] prices) => $$"""{"stock_id":"AAPL","price":[{{string.Join(',', prices.Select(Text))}}]}""";
    }

    /// <summary>The generator's kinds of messages, as sent by its HTTP clients.</summary>
    [Fact]
    public async Task MessagesOfTheGenerator_AreReadByTheirKind()
    {
        await using var rig = await KafkaRig.StartAsync(Averages);
        rig.Cluster.CreateTopic("market");
        var connector = rig.Connect("""
            "topics":"market","group":"g"
            """);
        await rig.Cluster.ProduceAsync("market", 0,
        [
            """{"stock_symbol":"AAPL","opening_price":227.1,"closing_price":227.9,"high":228,"low":227,"volume":1200,"timestamp":1720522800.25}""",
            """{"data_type":"order_book","timestamp":1720522801.5,"stock_symbol":"AAPL","order_type":"buy","price":227.98,"quantity":3}""",
            """{"data_type":"news_sentiment","timestamp":1720522802,"stock_symbol":"AAPL","sentiment_score":0.8,"sentiment_magnitude":0.4}""",
            """{"data_type":"market_data","timestamp":1720522803,"stock_symbol":"AAPL","market_cap":3400000000000,"pe_ratio":34.9}""",
            """{"data_type":"economic_indicator","timestamp":1720522804,"indicator_name":"GDP Growth Rate","value":2.1}""",
        ]);
        await rig.AppliedAsync(5);
        await Until.True(() => connector.Status.Messages == 5, "all are handled");
        Assert.Equal(0, connector.Status.Rejected);
        var state = (await rig.Engine.StateAsync(Symbol.Parse("AAPL")))!;
        Assert.Equal(227_90000000, state.Ohlcv.LastPrice);
        Assert.NotNull(state.Level2);
        Assert.NotNull(state.News);
        Assert.NotNull(state.Fundamentals);
    }

    private static async Task AssertAveragesAsync(KafkaRig rig, string symbol, double[] prices)
    {
        var state = (await rig.Engine.StateAsync(Symbol.Parse(symbol)))!;
        var (mean, exponential) = Averaged(prices);
        foreach (var column in rig.Plan.For(Symbol.Parse(symbol)).Columns)
        {
            var expected = column.Spec.ValueName.StartsWith("sma", StringComparison.Ordinal) ? mean : exponential;
            Assert.Equal(expected, state.Ohlcv.Value(Frame.Tick, column.Spec), 1e-9);
        }
    }

    /// <summary>
    /// The definitions, one value after another: the mean of the last 100, and the EMA that starts with the first such mean.
    /// </summary>
    private static (double Mean, double Exponential) Averaged(double[] prices)
    {
        if (prices.Length < 100) return (double.NaN, double.NaN);
        var exponential = prices[..100].Average();
        foreach (var price in prices[100..]) exponential += (price - exponential) * 2 / 101;
        return (prices[^100..].Average(), exponential);
    }

    private static double[] Prices(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Round(100 + (10 * Math.Sin(i / 7.0)) + (i * 0.01), 2))];

    private static string Text(double price) => price.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
