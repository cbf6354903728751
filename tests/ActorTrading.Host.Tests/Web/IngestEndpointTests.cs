using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Nodes.Engines;

namespace ActorTrading.Host.Tests.Web;

public sealed class IngestEndpointTests : IAsyncLifetime
{
    private const string Good = """{"symbol":"AAPL","ts":1720522800000000000,"price":227.99,"size":100,"seq":1}""";
    private const string Bad = """{"symbol":"AAPL","ts":1720522801000000000,"price":-3,"size":100,"seq":2}""";

    private RunningNode node = null!;

    public async Task InitializeAsync() =>
        node = await RunningNode.StartAsync(change: options => options with { Web = options.Web with { MaxRequestBytes = 1 << 20 } });

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task OneStockObject_AtTheRoot_AsOlderClientsSendIt()
    {
        var answer = await node.PostAsync(
            "/",
            """{"stock_symbol":"MSFT","opening_price":227.1,"closing_price":410.5,"high":428,"low":227,"volume":1200,"timestamp":"2024-07-09 11:00:00"}""");

        Assert.Equal(1, answer.GetProperty("applied").GetInt64());
        Assert.Equal(41_050_000_000, (await node.Node.Engine.StateAsync(Symbol.Parse("MSFT")))!.Ohlcv.LastPrice);
    }

    [Theory]
    [InlineData(nameof(EngineKind.Embedded))]
    [InlineData(nameof(EngineKind.Cluster))]
    public async Task GeneratorThatPostsABarEveryFewSeconds_IsTakenWhole(string engine)
    {
        // Like the generator of an older system: one record per request, with the machine's time as a number of seconds.
        (double After, double Open, double High, double Low, double Close, int Volume)[] posts =
            [(0, 10, 13, 8, 9, 700), (4.813, 9, 9.5, 7, 9, 200), (9.127, 11, 14, 11, 12, 50), (31.5, 12, 12, 12, 12, 1),
                (57.999, 12, 12.5, 11.5, 12.25, 9), (60.25, 20, 21, 19, 20, 4)];
        await using var taking = await RunningNode.StartAsync(
            """{"frames":["tick","1min"],"indicators":["sma(2)"]}""",
            options => options with { Kind = Enum.Parse<EngineKind>(engine), Cluster = options.Cluster with { Port = 0 } });
        foreach (var (after, open, high, low, close, volume) in posts)
        {
            var answer = await taking.PostAsync("/ingest", FormattableString.Invariant(
                $$"""{"stock_symbol": "MSFT", "opening_price": {{open}}, "closing_price": {{close}}, "high": {{high}}, "low": {{low}}, "volume": {{volume}}, "timestamp": {{1720522800 + after}}}"""));
            Assert.Equal(1, answer.GetProperty("applied").GetInt64());
        }

        var total = (await taking.GetAsync("/ledger")).GetProperty("total");
        Assert.Equal((6, 6, 0, 0), (total.GetProperty("received").GetInt64(), total.GetProperty("applied").GetInt64(),
            total.GetProperty("late").GetInt64(), total.GetProperty("rejected").GetInt64()));
        var symbol = (await taking.Node.Engine.StateAsync(Symbol.Parse("MSFT")))!;
        var minute = symbol.Ohlcv.LastBar(Frame.OneMinute)!.Value;
        Assert.Equal(
            (10, 14, 7, 12.25, 960),
            (Whole(minute.Open), Whole(minute.High), Whole(minute.Low), Whole(minute.Close), Whole((long)minute.Volume)));
        Assert.Equal(16.125, symbol.Ohlcv.Value(Frame.Tick, symbol.Plan.Settings.Indicators[0])); // of the last two closes

        static double Whole(long units) => units / 1e8;
    }

    [Fact]
    public async Task TickFarAheadOfTheNodesClock_IsRejected_AndTheSymbolGoesOn()
    {
        const string Future = """{"symbol":"AAPL","ts":"2125-03-14T00:00:00Z","price":228,"size":1}""";

        var refused = await node.PostAsync("/ingest", Future, HttpStatusCode.UnprocessableEntity);
        var applied = await node.PostAsync("/ingest", Good);

        Assert.Equal("time_ahead", refused.GetProperty("rejections")[0].GetProperty("reason").GetString());
        Assert.Equal((1, 0), (applied.GetProperty("applied").GetInt64(), applied.GetProperty("late").GetInt64()));
    }

    [Fact]
    public async Task LinesGoodAndBad_AreCountedAndTheBadOnesExplained()
    {
        var answer = await node.PostAsync("/ingest?source=desk&epoch=3", $"{Good}\n{Bad}\n{Good}\nnonsense\n");

        Assert.Equal((4, 1, 1, 2), (answer.GetProperty("received").GetInt64(), answer.GetProperty("applied").GetInt64(),
            answer.GetProperty("duplicate").GetInt64(), answer.GetProperty("rejected").GetInt64()));
        var rejections = answer.GetProperty("rejections").EnumerateArray().ToList();
        Assert.StartsWith(
            """{"line":2,"seq":2,"reason":"price_not_positive","field":"price","value":"-3","advice":""", rejections[0].GetRawText(),
            StringComparison.Ordinal);
        Assert.Equal((4, "malformed"), (rejections[1].GetProperty("line").GetInt64(), rejections[1].GetProperty("reason").GetString()));
        var source = (await node.Node.Engine.StateAsync(Symbol.Parse("AAPL")))!.Sources.Entries[0];
        Assert.Equal(("desk", 3, 1), (source.Source.Name, source.Epoch, source.Seq));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9_000)] // more than one batch, in many pieces
    public async Task BodyThatRunsNewestFirst_IsTakenOldestFirst(int bars)
    {
        var body = new StringBuilder("timestamp,open,high,low,close,volume\n");
        for (var i = bars; i > 0; i--) body.Append(CultureInfo.InvariantCulture, $"{1_720_522_800 + (i * 60)},{i},{i}.5,{i},{i},1\n");
        var answer = await node.PostAsync("/ingest?source=desk&symbol=AAPL&frame=1min", body.ToString());

        Assert.Equal(
            (bars, bars, 0),
            (answer.GetProperty("received").GetInt32(), answer.GetProperty("applied").GetInt32(), answer.GetProperty("late").GetInt32()));
        Assert.Equal(bars * 100_000_000L, (await node.Node.Engine.StateAsync(Symbol.Parse("AAPL")))!.Ohlcv.LastPrice);
    }

    [Fact]
    public async Task BodyThatRunsNewestFirst_AndIsTooLong_IsRefused_AndNothingOfItIsTaken()
    {
        await using var taking = await RunningNode.StartAsync();
        var body = new StringBuilder("timestamp,symbol,open,high,low,close\n");
        for (var i = 250_001; i > 0; i--) body.Append(CultureInfo.InvariantCulture, $"{1_600_000_000 + (i * 60)},A,1,1,1,1\n");
        var answer = await taking.PostAsync("/ingest", body.ToString(), HttpStatusCode.BadRequest);

        Assert.Equal(("bad_format", 0), (answer.GetProperty("code").GetString(), answer.GetProperty("received").GetInt32()));
        Assert.Contains("newest first", answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await taking.Node.Engine.SymbolsAsync());
    }

    [Fact]
    public async Task RefusalsOfABodyThatRunsNewestFirst_NameTheirLines()
    {
        var answer = await node.PostAsync(
            "/ingest?symbol=AAPL",
            "timestamp,open,high,low,close\n1720522920,3,3,3,3\n1720522860,2,2,x,2\n1720522800,1,1,-1,1\n1720522740,1,1,1,1\n");

        Assert.Equal(
            [(3, "not_a_number"), (4, "price_not_positive")],
            answer.GetProperty("rejections").EnumerateArray()
                .Select(one => (one.GetProperty("line").GetInt32(), one.GetProperty("reason").GetString()!)).Order());
        Assert.Equal(2, answer.GetProperty("applied").GetInt32());
    }

    [Fact]
    public async Task AnswerOfAService_IsTakenAsItIs_WithWhatTheQuerySaysOfIt()
    {
        var text = new StringBuilder("{\"status\":\"ok\",\"data\":{\"candles\":[");
        for (var i = 500; i > 0; i--) text.Append(
            CultureInfo.InvariantCulture, $"[\"2024-07-09 {9 + (i / 60):00}:{i % 60:00}:00\",{i},{i}.5,{i},{i},1]{(i > 1 ? "," : "]}}")}");
        var answer = await node.PostAsync("/ingest?symbol=SBIN&zone=Asia/Kolkata&frame=1min", text.ToString());

        Assert.Equal((500, 0), (answer.GetProperty("applied").GetInt32(), answer.GetProperty("rejected").GetInt32()));
        Assert.Equal("2024-07-09T11:50:00Z", (await node.Node.Engine.StateAsync(Symbol.Parse("SBIN")))!.Ohlcv.LastTime.ToString());
        foreach (var query in (string[])["symbol=a%2Cb", "zone=Wall+Street", "frame=3bananas"])
            Assert.Equal(
                "bad_parameter",
                (await node.PostAsync("/ingest?" + query, Good, HttpStatusCode.BadRequest)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task SourceAndEpoch_MayComeInHeaders()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ingest") { Content = new StringContent($"[{Good}]") };
        request.Headers.Add("X-Source", "desk");
        request.Headers.Add("X-Epoch", "7");
        using var answer = await node.Client.SendAsync(request);

        Assert.Equal(1, (await RunningNode.ReadAsync(answer, HttpStatusCode.OK)).GetProperty("applied").GetInt64());
        Assert.Equal(7, (await node.Node.Engine.StateAsync(Symbol.Parse("AAPL")))!.Sources.Entries[0].Epoch);
    }

    [Fact]
    public async Task WhatWasAnswered_SurvivesACrash()
    {
        await node.PostAsync("/ingest?source=desk", Good);
        await node.RestartAsync();

        Assert.Equal(1, (await node.PostAsync("/ingest?source=desk", Good)).GetProperty("duplicate").GetInt64());
    }

    [Fact]
    public async Task NothingTaken_Is422_WithTheReasons()
    {
        var answer = await node.PostAsync("/ingest", Bad, HttpStatusCode.UnprocessableEntity);

        Assert.Equal(1, answer.GetProperty("rejected").GetInt64());
        Assert.Equal("price_not_positive", answer.GetProperty("rejections")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task ManyRefusals_AreListedUpToAHundred()
    {
        var answer = await node.PostAsync("/ingest", string.Concat(Enumerable.Repeat("?\n", 250)), HttpStatusCode.BadRequest);
        Assert.Equal("bad_format", answer.GetProperty("code").GetString()); // it begins like no known format

        answer = await node.PostAsync("/ingest", $"{Good}\n{string.Concat(Enumerable.Repeat("?\n", 250))}");
        Assert.Equal(100, answer.GetProperty("rejections").GetArrayLength());
        Assert.Equal(150, answer.GetProperty("rejections_omitted").GetInt64());
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  \n", "empty")]
    [InlineData("time,symbol,price,size\n", "empty")]
    [InlineData("time,symbol,price,size\r\n\r\n", "empty")]
    [InlineData("time,symbol,price,size1720522800,T2,10,11720522801,T2,11,1", "empty")] // the body that curl -d makes of a table
    [InlineData("hello", "bad_format")]
    [InlineData("time,symbol,price\n2024070911,A,1\n", "bad_format")]
    public async Task BodyThatHoldsNothing_Is400(string body, string code) =>
        Assert.Equal(code, (await node.PostAsync("/ingest", body, HttpStatusCode.BadRequest)).GetProperty("code").GetString());

    [Theory]
    [InlineData("/ingest?epoch=-1")]
    [InlineData("/ingest?epoch=x")]
    [InlineData("/ingest?source=%22")]
    [InlineData("/ingest?time_unit=fortnight")]
    public async Task BadParameter_Is400(string path) =>
        Assert.Equal("bad_parameter", (await node.PostAsync(path, Good, HttpStatusCode.BadRequest)).GetProperty("code").GetString());

    [Fact]
    public async Task TimeUnitOfTheQuery_IsThatOfTheBody()
    {
        var answer = await node.PostAsync("/ingest?time_unit=calendar&source=hours", "time,symbol,price\n2024070911,HOURS,1\n");
        Assert.Equal(1, answer.GetProperty("applied").GetInt32());
    }

    [Fact]
    public async Task LargeBody_GoesInBatches_AndCountsExactly()
    {
        var body = Lines(1, 9_000);

        Assert.Equal(9_000, (await node.PostAsync("/ingest?source=many", body)).GetProperty("applied").GetInt64());
        Assert.Equal(9_000, (await node.PostAsync("/ingest?source=many", body)).GetProperty("duplicate").GetInt64());
        var ledger = (await node.GetAsync("/ledger")).GetProperty("total");
        Assert.Equal(18_000, ledger.GetProperty("received").GetInt64());
    }

    [Fact]
    public async Task PackedBody_IsUnpacked()
    {
        using var answer = await SendPackedAsync(Pack(Lines(1, 5_000)));

        Assert.Equal(5_000, (await RunningNode.ReadAsync(answer, HttpStatusCode.OK)).GetProperty("applied").GetInt64());
    }

    [Fact]
    public async Task PackedBodyCutShort_IsSaidSo_WithWhatWasTaken()
    {
        var packed = Pack(Lines(1, 9_000));
        using var answer = await SendPackedAsync(packed[..(packed.Length / 2)]);
        var problem = await RunningNode.ReadAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal("bad_format", problem.GetProperty("code").GetString());
        Assert.InRange(problem.GetProperty("applied").GetInt64(), 1, 8_999);
    }

    [Fact]
    public async Task PackedBodyThatUnpacksToTooMuch_Is413()
    {
        using var answer = await SendPackedAsync(Pack(new string(' ', 2 << 20)));

        Assert.Equal(
            "too_large", (await RunningNode.ReadAsync(answer, HttpStatusCode.RequestEntityTooLarge)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task BodyOverTheLimit_Is413()
    {
        var problem = await node.PostAsync("/ingest", Lines(1, 20_000), HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal("too_large", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task UnknownEncoding_Is415()
    {
        using var content = new StringContent(Good);
        content.Headers.ContentEncoding.Add("br");
        using var answer = await node.Client.PostAsync(new Uri("/ingest", UriKind.Relative), content);

        Assert.Equal(
            "unknown_encoding", (await RunningNode.ReadAsync(answer, HttpStatusCode.UnsupportedMediaType)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("Origin", "https://elsewhere.example", HttpStatusCode.Forbidden, "foreign_origin")]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden, "foreign_origin")]
    [InlineData("Host", "rebound.example:5000", HttpStatusCode.MisdirectedRequest, "wrong_host")]
    public async Task ForeignWebPage_CannotSendTicks(string header, string value, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ingest") { Content = new StringContent(Good) };
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await node.Client.SendAsync(request);

        Assert.Equal(code, (await RunningNode.ReadAsync(answer, status)).GetProperty("code").GetString());
        Assert.Empty(await node.Node.Engine.SymbolsAsync());
    }

    [Fact]
    public async Task PageOfTheNodeItself_MaySendTicks()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ingest") { Content = new StringContent(Good) };
        request.Headers.Add("Origin", node.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        using var answer = await node.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task NodeThatStops_Is503_AndSaysWhenToComeAgain()
    {
        await node.Node.Engine.DrainAsync();
        using var answer = await node.Client.PostAsync(new Uri("/ingest", UriKind.Relative), new StringContent(Good));

        Assert.Equal(
            "engine_stopped", (await RunningNode.ReadAsync(answer, HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString());
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private static string Lines(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(seq =>
        $"{{\"symbol\":\"S{seq % 7}\",\"ts\":{1720522800000000000 + (seq * 1_000_000_000L)},"
        + $"\"price\":{100 + (seq % 10)},\"size\":1,\"seq\":{seq}}}\n"));

    private static byte[] Pack(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private async Task<HttpResponseMessage> SendPackedAsync(byte[] packed)
    {
        using var content = new ByteArrayContent(packed);
        content.Headers.ContentEncoding.Add("gzip");
        return await node.Client.PostAsync(new Uri("/ingest?source=packed", UriKind.Relative), content);
    }
}
