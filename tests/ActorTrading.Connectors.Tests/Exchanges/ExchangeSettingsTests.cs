using System.Text;
using ActorTrading.Connectors.Exchanges;
using ActorTrading.Connectors.Settings;
using ActorTrading.TestKit;
using Microsoft.Extensions.Configuration;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>Exchange connectors in the settings file node.json.</summary>
public sealed class ExchangeSettingsTests
{
    [Fact]
    public void EachSetting_IsRead()
    {
        var options = Options(Assert.Single(Read(
            """
            {"connectors":{"a":{"kind":"Kraken","symbols":"BTC/USD, ETH/USD","channels":["klines","books"],"interval":"5m","depth":11,
              "url":"wss://test.example/v2","rest_url":"https://rest.example/","source":"second","instruments":"plan",
              "max_fill":7,"gap_seconds":9}}}
            """)));
        Assert.Equal(
            ("a", "kraken", "second", "5m", 11), (options.Name, options.Exchange, options.Source, options.Interval, options.Depth));
        Assert.Equal(["BTC/USD", "ETH/USD"], options.Symbols);
        Assert.Equal([ExchangeChannel.Klines, ExchangeChannel.Books], options.Channels);
        Assert.Equal(("wss://test.example/v2", "https://rest.example/"), (options.Url!.AbsoluteUri, options.RestUrl!.AbsoluteUri));
        Assert.Equal((InstrumentUse.Plan, 7, 9.0), (options.Instruments, options.MaxFill, options.GapTimeout.TotalSeconds));
    }

    [Theory]
    [InlineData("binance")]
    [InlineData("coinbase")]
    [InlineData("kraken")]
    public void WithoutMore_TradesAreRead_AndSymbolsAreAddedLater(string kind)
    {
        var settings = Assert.Single(Read(Section($"\"kind\":\"{kind}\"")));
        var options = Options(settings);
        Assert.Equal((kind, ConnectorDirection.In), (settings.Kind, settings.Direction));
        Assert.Empty(options.Symbols);
        Assert.Equal([ExchangeChannel.Trades], options.Channels);
        Assert.Equal(
            ("1m", 25, InstrumentUse.Advise, 10_000, 30.0),
            (options.Interval, options.Depth, options.Instruments, options.MaxFill, options.GapTimeout.TotalSeconds));
        Assert.Null(options.Login);
    }

    [Fact]
    public void Login_IsReadFromFileAndVariable_AndShownToNobody()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("secret");
        File.WriteAllText(file, "geheim\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Environment.SetEnvironmentVariable("EXCHANGE_TEST_KEY", "schluessel");
        var path = System.Text.Json.JsonSerializer.Serialize(file);
        var settings = Assert.Single(Read(Section(
            $"\"kind\":\"alpaca\",\"symbols\":\"AAPL\",\"key_variable\":\"EXCHANGE_TEST_KEY\",\"secret_file\":{path}")));
        var login = Options(settings).Login!;
        Assert.Equal(("schluessel", "geheim"), (login.Key, login.Secret));
        Assert.DoesNotContain("geheim", $"{settings}", StringComparison.Ordinal);
        Assert.DoesNotContain("schluessel", $"{settings}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"kind":"binance","symbols":"BTCUSDT,BTC USDT"}""",
        "node.json: connectors:a:symbols: 'BTC USDT' is not a symbol of an exchange")]
    [InlineData(
        """{"kind":"binance","channels":"trades,news"}""",
        "node.json: connectors:a:channels: 'news' is not a channel; known are trades, quotes, books, klines")]
    [InlineData(
        """{"kind":"binance","channels":"trades,klines"}""",
        "node.json: connectors:a:channels: trades and klines of a symbol are both set")]
    [InlineData("""{"kind":"coinbase","channels":"klines"}""", "node.json: connectors:a:channels: coinbase has no klines")]
    [InlineData(
        """{"kind":"binance","channels":"klines","interval":"7m"}""",
        "node.json: connectors:a:interval: '7m' is not an interval of binance")]
    [InlineData(
        """{"kind":"kraken","channels":"klines","interval":"3m"}""", "node.json: connectors:a:interval: '3m' is not an interval of kraken")]
    [InlineData("""{"kind":"kraken","depth":51}""", "node.json: connectors:a:depth: '51' is not a whole number from 1 to 50")]
    [InlineData(
        """{"kind":"kraken","url":"https://ws.kraken.com"}""",
        "node.json: connectors:a:url: 'https://ws.kraken.com' is not an address of ws or wss")]
    [InlineData(
        """{"kind":"kraken","rest_url":"/public"}""",
        "node.json: connectors:a:rest_url: '/public' is not an address of http or https")]
    [InlineData("""{"kind":"kraken","source":"kurs\u00fc"}""", "node.json: connectors:a:source: 'kurs\u00fc' is not a source name")]
    [InlineData("""{"kind":"kraken","instruments":"all"}""", "node.json: connectors:a:instruments: 'all' is not one of advise, plan, off")]
    [InlineData("""{"kind":"kraken","max_fill":-1}""", "node.json: connectors:a:max_fill: '-1' is not a whole number")]
    [InlineData("""{"kind":"kraken","gap_seconds":0}""", "node.json: connectors:a:gap_seconds: '0' is not a whole number")]
    [InlineData("""{"kind":"alpaca","symbols":"AAPL"}""", "connectors:a:key_file: alpaca needs a login")]
    [InlineData(
        """{"kind":"alpaca","key_variable":"NO_SUCH_VARIABLE_HERE","secret_variable":"PATH"}""",
        "node.json: connectors:a:key_variable: the environment variable NO_SUCH_VARIABLE_HERE")]
    [InlineData(
        """{"kind":"alpaca","key_variable":"PATH","secret_variable":"PATH","symbols":"AAPL,BTC/USD"}""",
        "node.json: connectors:a:symbols: alpaca has separate feeds for shares and cryptocurrencies")]
    [InlineData(
        """{"kind":"alpaca","key_variable":"PATH","secret_variable":"PATH","channels":"books"}""",
        "node.json: connectors:a:channels: alpaca has order books only for cryptocurrencies")]
    [InlineData(
        """{"kind":"alpaca","key_variable":"PATH","secret_variable":"PATH","channels":"klines","interval":"5m"}""",
        "node.json: connectors:a:interval: alpaca has only klines of 1m")]
    [InlineData("""{"kind":"alpaca","secret":"geheim"}""", "node.json: connectors:a:secret: unknown setting")]
    [InlineData("""{"kind":"kraken","direction":"out"}""", "node.json: connectors:a:direction: ")]
    public void WhatIsWrong_IsToldWithItsPath(string section, string expected)
    {
        var errors = new List<string>();
        Assert.Empty(Read(Section(section[1..^1]), errors));
        Assert.Contains(errors, error => error.StartsWith(expected, StringComparison.Ordinal));
        Assert.DoesNotContain("geheim", string.Concat(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void MoreStreamsThanAConnectionOfBinanceHas_AreRefused()
    {
        var options = new ExchangeOptions
        {
            Name = "a", Exchange = "binance", Channels = [ExchangeChannel.Trades, ExchangeChannel.Books],
            Symbols = [.. Enumerable.Range(0, 512).Select(number => $"A{number}")],
        };
        Assert.Null(options.Problem());
        Assert.Equal("symbols", (options with { Symbols = [.. options.Symbols, "B"] }).Problem()!.Key);
    }

    private static string Section(string keys) => "{\"connectors\":{\"a\":{" + keys + "}}}";

    private static ExchangeOptions Options(ConnectorOptions settings) => ((ExchangeSettings)settings).Options;

    private static IReadOnlyList<ConnectorOptions> Read(string json)
    {
        var errors = new List<string>();
        var all = Read(json, errors);
        Assert.Empty(errors);
        return all;
    }

    private static IReadOnlyList<ConnectorOptions> Read(string json, List<string> errors)
    {
        var values = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        return ConnectorSettings.Read([new SettingsSource(static path => $"node.json: {path}", values)], errors);
    }
}
