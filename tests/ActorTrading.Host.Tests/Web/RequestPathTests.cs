using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTrading.Host.Tests.Web;

/// <summary>A path has one interpretation, or is rejected.</summary>
public sealed class RequestPathTests : IAsyncLifetime
{
    private RunningNode node = null!;

    public async Task InitializeAsync()
    {
        node = await RunningNode.StartAsync();
        foreach (var symbol in (string[])["AAPL", "MSFT", "BTC%2FUSD"])
        {
            using var put = await node.Client.PutAsync(new Uri($"/subscriptions/{symbol}", UriKind.Relative), null);
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        }
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Theory]
    [InlineData("/subscriptions/AAPL/../MSFT")]
    [InlineData("/subscriptions/AAPL/%2e%2e/MSFT")]
    [InlineData("/subscriptions/AAPL/%2E./MSFT")]
    [InlineData("/subscriptions/./AAPL")]
    [InlineData("/x/../subscriptions/AAPL")]
    [InlineData("/subscriptions/AAPL%2F..%2FMSFT")]
    [InlineData("/subscriptions/..%2fAAPL")]
    [InlineData("/subscriptions//AAPL")]
    [InlineData("//subscriptions/AAPL")]
    [InlineData("/subscriptions/AAPL/")]
    [InlineData("/subscriptions/")] // an empty variable of a script must not delete the whole list
    [InlineData("/subscriptions/AAPL%00")]
    [InlineData("/subscriptions/AAPL%0a")]
    [InlineData("/subscriptions/%zz")]
    [InlineData("/subscriptions/AAPL%2")]
    [InlineData("/subscriptions/%ff%fe")]
    [InlineData("http://127.0.0.1/subscriptions/AAPL/../MSFT")]
    [InlineData("http://127.0.0.1//subscriptions/AAPL")]
    public async Task PathOfSeveralReadings_IsRefused_AndChangesNothing(string path)
    {
        Assert.StartsWith("HTTP/1.1 400", await AnswerAsync("DELETE", path), StringComparison.Ordinal);
        Assert.Equal(["AAPL", "BTC/USD", "MSFT"], await SymbolsAsync());
    }

    [Theory]
    [InlineData("/subscriptions/AAPL", "AAPL")]
    [InlineData("/subscriptions/%41%41PL", "AAPL")]
    [InlineData("/subscriptions/BTC%2FUSD", "BTC/USD")]
    [InlineData("/subscriptions/BTC%2fUSD?x=/../y", "BTC/USD")]
    [InlineData("http://127.0.0.1/subscriptions/MSFT", "MSFT")]
    public async Task PathOfOneReading_IsRead(string path, string symbol)
    {
        Assert.StartsWith("HTTP/1.1 200", await AnswerAsync("DELETE", path), StringComparison.Ordinal);
        Assert.Equal(new[] { "AAPL", "BTC/USD", "MSFT" }.Except([symbol]), await SymbolsAsync());
    }

    [Theory]
    [InlineData("/subscriptions/GHOST")]
    [InlineData("/subscriptions/BTC%252FUSD")] // the symbol BTC%2FUSD: decoded once
    public async Task SymbolThatIsNotOnTheList_IsNotFound_AndChangesNothing(string path)
    {
        var answer = await AnswerAsync("DELETE", path);
        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.Contains("unknown_symbol", answer, StringComparison.Ordinal);
        Assert.Equal(["AAPL", "BTC/USD", "MSFT"], await SymbolsAsync());
    }

    [Fact]
    public async Task UnknownSymbol_MakesNoList_AndAKnownOneDoes()
    {
        using var cleared = await node.Client.DeleteAsync(new Uri("/subscriptions", UriKind.Relative));
        await node.PostAsync("/ingest", """{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":99,"size":1}""");
        Assert.StartsWith("HTTP/1.1 404", await AnswerAsync("DELETE", "/subscriptions/GHOST"), StringComparison.Ordinal);
        Assert.True((await node.GetAsync("/subscriptions")).GetProperty("everything").GetBoolean());
        Assert.StartsWith("HTTP/1.1 200", await AnswerAsync("DELETE", "/subscriptions/A"), StringComparison.Ordinal);
        Assert.False((await node.GetAsync("/subscriptions")).GetProperty("everything").GetBoolean());
    }

    [Fact]
    public async Task SlashAtTheEnd_IsTakenOfThoseWhoRead() =>
        Assert.StartsWith("HTTP/1.1 200", await AnswerAsync("GET", "/subscriptions/"), StringComparison.Ordinal);

    private async Task<IEnumerable<string?>> SymbolsAsync() =>
        (await node.GetAsync("/subscriptions")).GetProperty("symbols").EnumerateArray().Select(symbol => symbol.GetString())
            .Order(StringComparer.Ordinal);

    /// <summary>The response to a request whose target is sent unchanged.</summary>
    private async Task<string> AnswerAsync(string method, string target)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", node.Node.Http[0].Port);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }
}
