using System.Net;
using System.Text.Json;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.TestKit.Engines;

namespace ActorTrading.Host.Tests.Web;

public sealed class EmbeddedSignalLogTests() : SignalLogTests(inCluster: false);

public sealed class ClusterSignalLogPagesTests() : SignalLogTests(inCluster: true);

/// <summary>The signal log is read forwards and backwards, in whole or in part.</summary>
public abstract class SignalLogTests(bool inCluster) : IAsyncLifetime
{
    private const int Minutes = 400;
    private const int Last = 3 * (Minutes / 2);

    private const string Plan = """
        { "frames": ["1min"], "rules": [
          { "name": "up, and away", "rule": "buy when close > 100 on tick" },
          { "name": "down", "rule": "sell when close < 100 on tick" } ] }
        """;

    private RunningNode node = null!;

    public async Task InitializeAsync()
    {
        node = await RunningNode.StartAsync(Plan, options => options with
        {
            Kind = inCluster ? EngineKind.Cluster : EngineKind.Embedded, Cluster = options.Cluster with { Port = 0, Shards = 10 },
        });
        var lines = new List<string>();
        for (var minute = 0; minute < Minutes; minute++)
        {
            var time = new DateTime(2024, 7, 9, 14, 0, 0, DateTimeKind.Utc).AddMinutes(minute).ToString("yyyy-MM-ddTHH:mm:ssZ");
            lines.Add($$"""{"symbol":"A","ts":"{{time}}","price":{{99 + (minute % 2 * 2)}},"size":1}""");
            if (minute % 2 == 0) lines.Add($$"""{"symbol":"B","ts":"{{time}}","price":{{99 + (minute % 4)}},"size":1}""");
        }

        await node.PostAsync("/ingest", string.Join('\n', lines));
        await EngineReading.UntilAsync(() => node.Node.Hosted.LastSignal >= Last);
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("&symbol=B")]
    [InlineData("&rule=down")]
    [InlineData("&rule=up%2C%20and%20away")]
    [InlineData("&rule=down&rule=up%2C%20and%20away&symbol=A")]
    [InlineData("&action=sell")]
    [InlineData("&action=alert")]
    public async Task LogBackwards_IsTheLogForwards_TurnedRound(string filter)
    {
        var forwards = await ReadAsync($"from=0{filter}", "from", position => position >= Last);
        var backwards = await ReadAsync($"before={long.MaxValue}{filter}", "before", position => position <= 1);

        backwards.Reverse();
        Assert.Equal(forwards, backwards);
        Assert.Equal(filter == "" ? Last : forwards.Count, forwards.Count);
        Assert.Equal(filter == "&action=alert", forwards.Count == 0);
    }

    [Fact]
    public async Task Filters_LeaveOutWhatIsNotAskedFor()
    {
        var all = (await node.GetAsync("/signals?limit=1000")).GetProperty("signals").EnumerateArray().ToList();
        var some = (await node.GetAsync("/signals?limit=1000&symbol=A&action=sell")).GetProperty("signals").EnumerateArray()
            .Select(one => one.GetRawText());
        Assert.Equal(all.Where(one => (Text(one, "symbol"), Text(one, "action")) == ("A", "sell")).Select(one => one.GetRawText()), some);
    }

    [Theory]
    [InlineData("before=0")]
    [InlineData("before=3&from=2")]
    [InlineData("action=hold")]
    [InlineData("action=withdrawn")]
    public async Task QuestionThatIsNone_IsRefused(string query) =>
        Assert.Equal("bad_parameter", Text(await node.GetAsync($"/signals?{query}", HttpStatusCode.BadRequest), "code"));

    /// <summary>Page by page, by the positions in the responses.</summary>
    private async Task<List<string>> ReadAsync(string query, string way, Func<long, bool> isOver)
    {
        var read = new List<string>();
        while (true)
        {
            var page = await node.GetAsync($"/signals?limit=70&{query}");
            read.AddRange(page.GetProperty("signals").EnumerateArray().Select(one => one.GetRawText()));
            Assert.Equal(Last, page.GetProperty("last").GetInt64());
            var next = page.GetProperty("next").GetInt64();
            if (isOver(next)) return read;
            query = string.Join('&', query.Split('&').Skip(1).Prepend($"{way}={next}"));
        }
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
