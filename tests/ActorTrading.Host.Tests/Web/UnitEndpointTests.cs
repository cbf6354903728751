using System.Buffers;
using System.Net;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire.Binary;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Web;

/// <summary>
/// Numbers in the units of their instrument, through every listener of a node and out again, over a restart and under another plan.
/// </summary>
public sealed class UnitEndpointTests : IAsyncLifetime
{
    private const string Plan =
        """{"frames": ["1min"], "symbols": {"PEPE": {"price_decimals": 12, "size_decimals": 2, "rules": ["alert when close > 0 on 1min"]}, "OIL": {"prices": "any"}}}""";

    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync(Plan);

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task WhatWouldLoseDigits_IsRefusedAtEveryDoor_WithItsValueAndTheSetting()
    {
        const string Setting = "Set price_decimals of the plan, or of the symbol, to 9.";
        var refused = await node.PostAsync("/ingest", Line("COIN", "0.000009723", 1), HttpStatusCode.UnprocessableEntity);
        var rejection = refused.GetProperty("rejections")[0];
        Assert.Equal(
            ("too_precise", "price", "0.000009723", Setting),
            (rejection.GetProperty("reason").GetString(), rejection.GetProperty("field").GetString(),
                rejection.GetProperty("value").GetString(), rejection.GetProperty("advice").GetString()));

        using var text = await LineClient.ConnectAsync(node.Node.Ingest.Address);
        await text.SendAsync("{\"hello\":\"text\"}\n" + Line("COIN", "0.000009723", 2) + "\n");
        var answer = await text.LineWithAsync("too_precise");
        Assert.Contains($"\"value\":\"0.000009723\",\"advice\":\"{Setting}\"", answer, StringComparison.Ordinal);

        using var binary = await LineClient.ConnectAsync(node.Node.Ingest.Address);
        await binary.SendAsync("{\"hello\":\"binary\"}\n");
        await binary.SendAsync(Frames(
            Record.OfTick(Symbol.Parse("COIN"), new Identity(Source.Anonymous, 0, 3), new Timestamp(1_720_522_800_000_000_000), 9723, 5)
                .In(new Units(9, 0))));
        Assert.Contains(
            $"\"value\":\"0.000009723\",\"advice\":\"{Setting}\"", await binary.LineWithAsync("too_precise"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SymbolOfTwelveDecimals_IsShownInThem_OverARestart_AndUnderAPlanOfMore()
    {
        await node.PostAsync(
            "/ingest?source=f",
            $"{Line("PEPE", "0.000009723", 1)}\n{Line("PEPE", "0.30000000000000004", 2)}\n{Line("PEPE", "0.000009727001", 3, minute: 1)}");
        await ShowsAsync("0.000009727001");
        var ledger = (await node.GetAsync("/ledger")).GetProperty("total");
        Assert.Equal((3, 1), (ledger.GetProperty("applied").GetInt32(), ledger.GetProperty("rounded").GetInt32()));
        Assert.Contains(
            "actortrading_records_rounded_total{source=\"f\"} 1", await node.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)),
            StringComparison.Ordinal);
        var hash = (await node.GetAsync("/symbols/PEPE")).GetProperty("state_hash").GetString();

        await node.RestartAsync();
        await ShowsAsync("0.000009727001");
        Assert.Equal(hash, (await node.GetAsync("/symbols/PEPE")).GetProperty("state_hash").GetString());
        var signal = Assert.Single((await node.GetAsync("/signals?from=0")).GetProperty("signals").EnumerateArray());
        Assert.Equal("0.3", signal.GetProperty("price").GetRawText());

        // The journal has all digits of the input: a plan with more decimals finds them there.
        using var plan = new StringContent(Plan.Replace("\"price_decimals\": 12", "\"price_decimals\": 18", StringComparison.Ordinal));
        using var changed = await node.Client.PutAsync(new Uri("/plan", UriKind.Relative), plan);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var bar = (await node.GetAsync("/symbols/PEPE/bars?frame=1min")).GetProperty("bars")[0];
        Assert.Equal(("0.000009723", "0.30000000000000004"), (bar.GetProperty("open").GetRawText(), bar.GetProperty("high").GetRawText()));
    }

    [Fact]
    public async Task NegativePrices_AreShown()
    {
        await node.PostAsync("/ingest", $"{Line("OIL", "-37.63", 1)}\n{Line("OIL", "0", 2)}");
        var state = await node.GetAsync("/symbols/OIL");
        Assert.Equal("0", state.GetProperty("last_price").GetRawText());
        Assert.Equal("-37.63", state.GetProperty("frames").GetProperty("1min").GetProperty("open_bar").GetProperty("low").GetRawText());
    }

    private static string Line(string symbol, string price, int seq, int minute = 0) =>
        $$"""{"symbol":"{{symbol}}","ts":{{1_720_522_800_000_000_000 + (minute * Timestamp.Minute)}},"price":{{price}},"size":5,"seq":{{seq}}}""";

    private static byte[] Frames(in Record record)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new BinaryEncoder(output);
        encoder.Write(record);
        encoder.Flush();
        return output.WrittenSpan.ToArray();
    }

    private async Task ShowsAsync(string price)
    {
        Assert.Equal(price, (await node.GetAsync("/symbols/PEPE")).GetProperty("last_price").GetRawText());
        Assert.Equal(price, (await node.GetAsync("/symbols")).GetProperty("symbols")[0].GetProperty("last_price").GetRawText());
        var bar = (await node.GetAsync("/symbols/PEPE/bars?frame=1min")).GetProperty("bars")[0];
        Assert.Equal(
            ("0.000009723", "0.3", "10"),
            (bar.GetProperty("open").GetRawText(), bar.GetProperty("close").GetRawText(), bar.GetProperty("volume").GetRawText()));
    }
}
