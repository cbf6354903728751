using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Plans;

public class PlanHashTests
{
    private const string EarlierHash = "469c8740fca42e0b17576ad9784ebc2771834f10e6ada063341d779c19b3a693";

    private const string Json =
        """
        {"calendar":"24h","frames":["1min","5min"],"indicators":["sma(20)","macd(12,26,9)","ema(100)@tick"],
         "rules":["buy when close > sma(20) on 5min",{"name":"out","rule":"sell when close < sma(20) cooldown 10min"}],
         "price":"trade","limits":{"from":"1900-01-01","to":"2200-01-01","spike":{"percent":0,"within":"5min"}},
         "symbols":{"AAPL":{"frames":["1min","5min","1hour"]},"MSFT":{"price":"bid"}}}
        """;

    [Theory]
    [InlineData("\"24h\"", "  \"24h\"\n /* all day */")]
    [InlineData("sma(20)\",", "SMA( 20 )\" ,")]
    [InlineData("macd(12,26,9)", "macd")]
    [InlineData("[\"1min\",\"5min\"]", "[\"5min\",\"1min\"]")]
    [InlineData("buy when close > sma(20) on 5min", "BUY when price@5min>sma(20)@5min")]
    [InlineData("10min", "600s")]
    [InlineData("\"calendar\":\"24h\",", "")]
    [InlineData("\"price\":\"trade\",", "")]
    [InlineData("\"limits\":{\"from\":\"1900-01-01\",\"to\":\"2200-01-01\",\"spike\":{\"percent\":0,\"within\":\"5min\"}},", "")]
    [InlineData("\"from\":\"1900-01-01\",\"to\":\"2200-01-01\"", "\"to\":\"2200-01-01T00:00:00Z\",\"from\":\"1900-01-01\"")]
    [InlineData("\"percent\":0", "\"percent\":0.0e1")]
    [InlineData("\"price\":\"trade\",", "\"price\":\"trade\",\"price_decimals\":8,\"size_decimals\":8,\"prices\":\"positive\",")]
    [InlineData("\"MSFT\"", "\"TSLA\":{\"price_decimals\":8,\"prices\":\"positive\"},\"MSFT\"")]
    [InlineData("\"spike\"", "\"crossed_quotes\":\"reject\",\"spike\"")]
    [InlineData(
        "{\"AAPL\":{\"frames\":[\"1min\",\"5min\",\"1hour\"]},\"MSFT\":{\"price\":\"bid\"}}",
        "{\"MSFT\":{\"price\":\"bid\"},\"AAPL\":{\"frames\":[\"1min\",\"5min\",\"1hour\"]}}")]
    [InlineData("\"price\":\"bid\"", "\"price\":\"bid\",\"frames\":[\"5min\",\"1min\"]")]
    [InlineData("\"MSFT\"", "\"TSLA\":{\"price\":\"trade\"},\"MSFT\"")]
    [InlineData(
        "\"name\":\"out\",\"rule\":\"sell when close < sma(20) cooldown 10min\"",
        "\"rule\":\"sell when close < sma(20) cooldown 10min\",\"name\":\"out\"")]
    public void AnotherSpellingOfThePlan_HasTheSameHash(string part, string spelledOtherwise)
    {
        Assert.Contains(part, Json);
        var plan = Plan.Parse(Json.Replace(part, spelledOtherwise, StringComparison.Ordinal));
        Assert.Equal(Plan.Parse(Json).Hash, plan.Hash);
        Assert.Equal(Plan.Parse(Json).Settings.Hash, plan.Settings.Hash);
    }

    [Theory]
    [InlineData("\"24h\"", "\"us-equities\"")]
    [InlineData("\"1min\",\"5min\"]", "\"1min\",\"5min\",\"1day\"]")]
    [InlineData("\"sma(20)\"", "\"sma(21)\"")]
    [InlineData("\"sma(20)\"", "\"sma(20)@1min\"")]
    [InlineData("macd(12,26,9)", "macd(12,26,9).line")]
    [InlineData("\"sma(20)\",\"macd(12,26,9)\"", "\"macd(12,26,9)\",\"sma(20)\"")]
    [InlineData("buy when close", "alert when close")]
    [InlineData("> sma(20) on 5min", ">= sma(20) on 5min")]
    [InlineData("> sma(20) on 5min", "> sma(20) on 1min")]
    [InlineData(" cooldown 10min", "")]
    [InlineData("\"out\"", "\"exit\"")]
    [InlineData("\"trade\"", "\"mid\"")]
    [InlineData("1900-01-01", "1900-01-02")]
    [InlineData("2200-01-01", "2199-12-31")]
    [InlineData("\"percent\":0", "\"percent\":0.00000001")]
    [InlineData("\"spike\"", "\"crossed_quotes\":\"accept\",\"spike\"")]
    [InlineData("\"within\":\"5min\"", "\"within\":\"301s\"")]
    [InlineData("\"price\":\"trade\",", "\"price\":\"trade\",\"price_decimals\":9,")]
    [InlineData("\"price\":\"trade\",", "\"price\":\"trade\",\"size_decimals\":7,")]
    [InlineData("\"price\":\"trade\",", "\"price\":\"trade\",\"prices\":\"any\",")]
    public void AnotherPlan_HasAnotherHash(string part, string changed)
    {
        Assert.Contains(part, Json);
        var plan = Plan.Parse(Json.Replace(part, changed, StringComparison.Ordinal));
        Assert.NotEqual(Plan.Parse(Json).Hash, plan.Hash);
        Assert.NotEqual(Plan.Parse(Json).Settings.Hash, plan.Settings.Hash);
    }

    [Theory]
    [InlineData("\"bid\"", "\"ask\"")]
    [InlineData("\"MSFT\"", "\"TSLA\"")]
    [InlineData(",\"MSFT\":{\"price\":\"bid\"}", "")]
    public void AnotherOverride_ChangesTheHashOfThePlan_AndNotOfTheSettingsOfAll(string part, string changed)
    {
        Assert.Contains(part, Json);
        var plan = Plan.Parse(Json.Replace(part, changed, StringComparison.Ordinal));
        Assert.NotEqual(Plan.Parse(Json).Hash, plan.Hash);
        Assert.Equal(Plan.Parse(Json).Settings.Hash, plan.Settings.Hash);
        Assert.Equal(Plan.Parse(Json).For(Symbol.Parse("AAPL")).Hash, plan.For(Symbol.Parse("AAPL")).Hash);
    }

    /// <summary>A plan without the keys of units has the same hash as before these keys existed.</summary>
    [Fact]
    public void DefaultPlan_HashesAsInEarlierReleases() => Assert.Equal(EarlierHash, Plan.Default.Hash.ToString());

    [Fact]
    public void NumbersOfASymbol_ReplaceThoseOfThePlan_AndSurviveAsJson()
    {
        var plan = Plan.Parse(
            """
            {"price_decimals":12,"prices":"any","limits":{"spike":{"percent":5}},
             "symbols":{"A":{"price_decimals":8,"prices":"positive"},"B":{"size_decimals":0},"C":{"limits":{}}}}
            """);
        Assert.Equal((new Units(12, 8), true), (plan.Settings.Units, plan.Settings.Limits.AnyPrices));
        Assert.Equal(
            (default(Units), false, 0.05),
            (plan.For(Symbol.Parse("A")).Units, plan.For(Symbol.Parse("A")).Limits.AnyPrices,
                plan.For(Symbol.Parse("A")).Limits.SpikeBand));
        Assert.Equal((new Units(12, 0), true), (plan.For(Symbol.Parse("B")).Units, plan.For(Symbol.Parse("B")).Limits.AnyPrices));
        Assert.Equal((true, 0.0), (plan.For(Symbol.Parse("C")).Limits.AnyPrices, plan.For(Symbol.Parse("C")).Limits.SpikeBand));
        var again = Plan.Parse(plan.ToJson());
        Assert.Equal(plan.Hash, again.Hash);
        Assert.Equal(plan.For(Symbol.Parse("A")).Hash, again.For(Symbol.Parse("A")).Hash);
        Assert.Equal(plan.For(Symbol.Parse("C")).Hash, again.For(Symbol.Parse("C")).Hash);
    }

    [Fact]
    public void SettingsOfASymbol_HashAsThoseOfAPlanThatSaysTheSame()
    {
        var plan = Plan.Parse("""{"frames":["1min"],"symbols":{"AAPL":{"frames":["5min"],"price":"bid"}}}""");
        Assert.Equal(Plan.Parse("""{"frames":["5min"],"price":"bid"}""").Settings.Hash, plan.For(Symbol.Parse("AAPL")).Hash);
    }

    [Fact]
    public void Hash_HasThirtyTwoBytes_AndComesBackFromThem()
    {
        var hash = Plan.Default.Hash;
        var bytes = new byte[PlanHash.Length];
        hash.CopyTo(bytes);
        Assert.Equal(32, bytes.Length);
        Assert.Equal(hash, PlanHash.FromBytes(bytes));
        Assert.Equal(Convert.ToHexStringLower(bytes), hash.ToString());
        Assert.Equal(hash.ToString()[..16], hash.Short);
    }
}
