using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

public sealed class GenerateTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("canonical")]
    [InlineData("stock")]
    [InlineData("data-type")]
    [InlineData("isin")]
    [InlineData("envelope")]
    [InlineData("symbol-bars")]
    [InlineData("csv-trades")]
    [InlineData("csv-bars")]
    [InlineData("csv-quotes")]
    [InlineData("binary")]
    public async Task EveryFormat_ReadsBackWithoutARefusal(string format)
    {
        var generated = await Cli.Run("generate", "--ticks", "3000", "--symbols", "5", "--format", format, "--out", folder.File("market"));
        Assert.Equal(0, generated.ExitCode);

        var ledger = (await Backtest(folder.File("market"))).GetProperty("ledger");
        Assert.Equal(3000, ledger.GetProperty("received").GetInt64());
        Assert.Equal(0, ledger.GetProperty("rejected").GetInt64());
        Assert.True(ledger.GetProperty("balanced").GetBoolean());
    }

    [Fact]
    public async Task HostileMarket_IsTheSameInTextAndBinary_PackedAndPlain()
    {
        string[] hostile =
        [
            "generate", "--seed", "11", "--ticks", "60000", "--kinds", "all", "--disorder", "--duplicates", "0.05", "--gaps", "--bad",
            "--spikes", "--burst", "--out",
        ];
        Assert.Equal(0, (await Cli.Run([.. hostile, folder.File("market.ndjson.gz")])).ExitCode);
        Assert.Equal(0, (await Cli.Run([.. hostile, folder.File("market.bin"), "--format", "binary"])).ExitCode);

        var text = await Backtest(folder.File("market.ndjson.gz"));
        var binary = await Backtest(folder.File("market.bin"));
        Assert.Equal(text.GetProperty("state_hash").GetString(), binary.GetProperty("state_hash").GetString());
        Assert.Equal(text.GetProperty("signals").GetInt64(), binary.GetProperty("signals").GetInt64());
        var ledger = text.GetProperty("ledger");
        Assert.True(ledger.GetProperty("balanced").GetBoolean());
        Assert.All(["applied", "duplicate", "late", "rejected"], count => Assert.True(ledger.GetProperty(count).GetInt64() > 0));
    }

    [Fact]
    public async Task SameOptions_GiveTheSameBytes()
    {
        Assert.Equal(0, (await Cli.Run("generate", "--ticks", "2000", "--seed", "3", "--out", folder.File("a"))).ExitCode);
        Assert.Equal(0, (await Cli.Run("generate", "--ticks", "2000", "--seed", "3", "--out", folder.File("b"))).ExitCode);
        Assert.Equal(0, (await Cli.Run("generate", "--ticks", "2000", "--seed", "4", "--out", folder.File("c"))).ExitCode);

        Assert.Equal(File.ReadAllBytes(folder.File("a")), File.ReadAllBytes(folder.File("b")));
        Assert.NotEqual(File.ReadAllBytes(folder.File("a")), File.ReadAllBytes(folder.File("c")));
    }

    [Theory]
    [InlineData("--format", "morse")]
    [InlineData("--kinds", "tick,gossip")]
    [InlineData("--bad", "2")]
    [InlineData("--symbols", "0")]
    [InlineData("--rate", "0")]
    [InlineData("--frame", "tick")]
    public async Task OptionOutOfRange_IsAUsageError(string option, string value)
    {
        var result = await Cli.Run("generate", "--ticks", "10", option, value);

        Assert.Equal(2, result.ExitCode);
        result.ShowsNoStackTrace();
        Assert.NotEmpty(result.Error.Trim());
    }

    private static async Task<JsonElement> Backtest(string file)
    {
        var result = await Cli.Run("backtest", file, "--json");
        Assert.Equal(0, result.ExitCode);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
