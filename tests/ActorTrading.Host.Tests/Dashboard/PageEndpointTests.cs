using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ActorTrading.Host.Dashboard;

namespace ActorTrading.Host.Tests.Dashboard;

/// <summary>The dashboard's page and its files, as served to a browser.</summary>
public sealed partial class PageEndpointTests : IAsyncLifetime
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private RunningNode node = null!;

    public async Task InitializeAsync() => node = await RunningNode.StartAsync();

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Theory]
    [InlineData(Browser, "text/html")]
    [InlineData("TEXT/HTML", "text/html")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/html;q=0, application/json", "application/json")]
    [InlineData("nonsense", "application/json")]
    [InlineData(null, "application/json")]
    public async Task Address_AnswersThePageToBrowsers_AndJsonToPrograms(string? accept, string type)
    {
        using var answer = await AskAsync("/", accept);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", answer.Headers.Vary);
    }

    [Fact]
    public async Task EveryFileThatThePageNames_IsThere_AndLastsForEver()
    {
        using var page = await AskAsync("/", Browser);
        Assert.True(page.Headers.CacheControl!.NoCache);
        var named = Named().Matches(await page.Content.ReadAsStringAsync()).Select(match => match.Groups[1].Value).ToList();
        Assert.True(named.Count > 5);
        foreach (var path in named)
        {
            using var answer = await AskAsync(path, "*/*");
            Assert.True(answer.StatusCode == HttpStatusCode.OK, path);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task File_IsPacked_ForWhoTakesItSo_AndTheSame()
    {
        var path = $"/assets/{PageFiles.Hash}/app.js";
        using var plain = await AskAsync(path, "*/*");
        using var packed = await AskAsync(path, "*/*", "gzip, deflate, br");
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        await using var unpacked = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task FileThatTheBrowserHas_IsNotSentAgain()
    {
        using var first = await AskAsync("/", Browser);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd(Browser);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await node.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("../index.html")]
    [InlineData("lib/absent.js")]
    public async Task WhatIsNoFile_IsNotThere(string path)
    {
        using var answer = await AskAsync($"/assets/{PageFiles.Hash}/{path}", "*/*");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public void AllFilesTogether_StayUnder300Kilobytes() =>
        Assert.InRange(PageFiles.Assets.Append(PageFiles.Page).Sum(file => file.Packed.Length), 60_000, 300_000);

    [Fact]
    public void Page_HasNothingInline()
    {
        var page = Encoding.UTF8.GetString(PageFiles.Page.Content);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]*src=)", page);
        Assert.DoesNotMatch("\\son[a-z]+=", page);
        Assert.All(
            PageFiles.Assets.Where(file => file.Path.EndsWith(".js", StringComparison.Ordinal)),
            file => Assert.DoesNotMatch(Markup(), Encoding.UTF8.GetString(file.Content)));
    }

    private Task<HttpResponseMessage> AskAsync(string path, string? accept, string? encoding = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (encoding is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        return node.Client.SendAsync(request);
    }

    [GeneratedRegex("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(")]
    private static partial Regex Markup();

    [GeneratedRegex("(?:href|src)=\"(/assets/[^\"]+)\"")]
    private static partial Regex Named();
}
