using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>Inputs of users of venues outside New York and crypto, unchanged.</summary>
public sealed class VenueTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TheClosingCross_MakesTheOfficialCloseOfTheDay()
    {
        const string Trades =
            """
            time,symbol,price,size
            2020-10-30T15:59:58.120-04:00,AAPL,108.90,300
            2020-10-30T15:59:59.870-04:00,AAPL,109.07,200
            2020-10-30T16:00:00.038-04:00,AAPL,108.86,11500000
            2020-10-30T16:00:12.000-04:00,AAPL,108.80,100

            """;
        const string Plan =
            """{"calendar":{"base":"us-equities","closing_auction":{"within":"5s"}},"frames":["1min","1day"],"indicators":[]}""";
        Assert.Contains("AAPL,1day,2020-10-30T13:30:00Z,108.9,109.07,108.86,108.86,11500500,3", await BarsAsync(Trades, Plan));
    }

    [Fact]
    public async Task AMinuteBarOfTheCross_BelongsToTheDay()
    {
        const string Bars =
            """
            time,symbol,open,high,low,close,volume
            2020-10-30 15:58:00,AAPL,108.80,108.95,108.75,108.90,450000
            2020-10-30 15:59:00,AAPL,108.90,109.10,108.85,109.07,900000
            2020-10-30 16:00:00,AAPL,109.07,109.07,108.86,108.86,11500000

            """;
        const string Plan =
            """{"calendar":{"base":"us-equities","closing_auction":{"within":"5s"}},"frames":["1min","1day"],"indicators":[]}""";
        Assert.Contains(
            "AAPL,1day,2020-10-30T13:30:00Z,108.8,109.1,108.75,108.86,12850000,0",
            await BarsAsync(Bars, Plan, "--zone", "America/New_York"));
    }

    [Fact]
    public async Task HoursOfIndia_BeginAtAQuarterPast_AndTheLastIsAQuarter()
    {
        var quarters = Enumerable.Range(0, 25).Select(
            i => $"2023-02-27 {new TimeOnly(9, 15).AddMinutes(15 * i):HH:mm:ss},NIFTY,15min,100,101,99,100,1000");
        var bars = await BarsAsync(
            $"time,symbol,frame,open,high,low,close,volume\n{string.Join('\n', quarters)}\n",
            """{"calendar":"nse","frames":["15min","1hour","1day"],"indicators":[]}""", "--zone", "Asia/Kolkata");
        Assert.Equal(
            ["03:45 4000", "04:45 4000", "05:45 4000", "06:45 4000", "07:45 4000", "08:45 4000", "09:45 1000"],
            bars.Select(line => line.Split(',')).Where(row => row[1] == "1hour").Select(row => $"{row[2][11..16]} {row[7]}"));
    }

    [Theory]
    [InlineData(" 00:00:00+08:00", "UTC")]
    [InlineData("", "Asia/Hong_Kong")]
    [InlineData("", "UTC")]
    public async Task DailyBarsOfHongKong_KeepTheirDates(string midnight, string zone)
    {
        var bars = await BarsAsync(
            $"""
            Date,Open,High,Low,Close,Volume
            2024-01-05{midnight},290.0,292.4,287.6,289.0,15000000
            2024-01-08{midnight},288.0,289.0,281.6,282.6,21000000
            2024-01-09{midnight},283.0,286.0,282.0,284.2,14000000

            """,
            """{"calendar":"hkex","frames":["1day","1week"],"indicators":[]}""", "--symbol", "0700.HK", "--frame", "1day", "--zone", zone);
        Assert.Equal(
            [
                "1day 2024-01-05T01:30:00Z 289", "1week 2024-01-02T01:30:00Z 289", "1day 2024-01-08T01:30:00Z 282.6",
                "1day 2024-01-09T01:30:00Z 284.2", "1week 2024-01-08T01:30:00Z 284.2",
            ],
            bars.Skip(1).Select(line => line.Split(',')).Select(row => $"{row[1]} {row[2]} {row[6]}"));
    }

    private async Task<string[]> BarsAsync(string input, string plan, params string[] options)
    {
        var result = await Cli.Run(["backtest", folder.Write("input.csv", input), "--plan", folder.Write("plan.json", plan), "--bars-out",
            folder.File("bars.csv"), .. options]);
        Assert.True(result.ExitCode == 0, result.Error);
        return File.ReadAllLines(folder.File("bars.csv"));
    }
}
