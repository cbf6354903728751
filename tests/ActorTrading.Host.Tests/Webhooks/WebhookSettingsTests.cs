using ActorTrading.Domain.Signals;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Webhooks;
using ActorTrading.TestKit;

namespace ActorTrading.Host.Tests.Webhooks;

public sealed class WebhookSettingsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Webhooks_AreReadFromTheFile_InTheOrderOfTheirNames()
    {
        var secret = folder.File("secret");
        File.WriteAllText(secret, "0123456789abcdef");
        var webhooks = Read($$$"""
            {"webhooks": {
              "desk": { "url": "https://desk.example/a?b", "symbols": ["AAPL", "BTC/USD"], "rules": ["a, b"], "actions": "buy,sell", "secret_file": "{{{secret}}}", "timeout_seconds": 2.5 },
              "audit": { "url": "http://audit.example", "from": "first" }
            }}
            """);
        Assert.Equal(["audit", "desk"], webhooks.Select(webhook => webhook.Name));
        var (audit, desk) = (webhooks[0], webhooks[1]);
        Assert.Equal((true, null, null, null, null), (audit.FromFirst, audit.Symbols, audit.Rules, audit.Actions, audit.Secret));
        Assert.Equal((false, "https://desk.example/a?b", 2.5), (desk.FromFirst, desk.Url.ToString(), desk.Timeout.TotalSeconds));
        Assert.Equal(["AAPL", "BTC/USD"], desk.Symbols!.Select(symbol => symbol.Name).Order());
        Assert.Equal(["a, b"], desk.Rules!);
        Assert.Equal([SignalAction.Buy, SignalAction.Sell], desk.Actions!.Order());
        Assert.NotNull(desk.Secret);
    }

    [Theory]
    [InlineData("""{"url": "desk"}""", "webhooks:desk:url")]
    [InlineData("""{"from": "now"}""", "no url")]
    [InlineData("""{"url": "http://a.example", "colour": "red"}""", "webhooks:desk:colour")]
    [InlineData("""{"url": "http://a.example", "symbols": ["A,B"]}""", "'A,B' is not a symbol")]
    [InlineData("""{"url": "http://a.example", "actions": ["hold"]}""", "'hold' is not an action")]
    [InlineData("""{"url": "http://a.example", "from": "then"}""", "neither now nor first")]
    [InlineData("""{"url": "http://a.example", "timeout_seconds": 0}""", "webhooks:desk:timeout_seconds")]
    [InlineData("""{"url": "http://a.example", "secret_file": "/no/such/file"}""", "webhooks:desk:secret_file")]
    [InlineData("""{"url": "http://a.example", "secret_variable": "NO_SUCH_SECRET"}""", "webhooks:desk:secret_variable")]
    [InlineData("""{"url": "http://a.example", "secret": "0123456789abcdef"}""", "webhooks:desk:secret")]
    [InlineData("""{"url": "ftp://a.example"}""", "http://")]
    public void WhatIsWrong_IsRefusedWithItsPath(string webhook, string expected)
    {
        var refused = Assert.Throws<CommandException>(() => Read("{\"webhooks\": {\"desk\": " + webhook + "}}"));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RuleThatThePlanHasNot_StopsTheStart()
    {
        var options = RunningNode.Options(folder.Path) with
        {
            Webhooks = [new WebhookOptions
            {
                Name = "desk", Url = new Uri("http://127.0.0.1:1/"), Rules = new HashSet<string> { "oversold", "overbold" },
            }],
        };
        var refused = await Assert.ThrowsAsync<CommandException>(() => Node.StartAsync(options));
        Assert.Contains("overbold", refused.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<WebhookOptions> Read(string json)
    {
        var file = folder.File("node.json");
        File.WriteAllText(file, json);
        return NodeSettings.Read(file, new Dictionary<string, string?>()).Webhooks;
    }
}
