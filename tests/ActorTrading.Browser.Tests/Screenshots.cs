using System.Text;
using ActorTrading.EndToEnd.Tests;
using ActorTrading.Host.Tests;
using ActorTrading.TestKit;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>
/// Creates the pictures of docs/dashboard.md: every page of a cluster of three nodes, in both themes, wide and narrow. Runs only if a
/// folder for them is given.
/// </summary>
[Collection(Chromium.Collection)]
public sealed class Screenshots(Chromium chromium)
{
    /// <summary>The variable that names the folder.</summary>
    public const string Variable = "ACTORTRADING_SCREENSHOTS";

    private const int LongestFile = 200_000;

    private static readonly TimeSpan MarketBefore = TimeSpan.FromSeconds(90);

    private static readonly (string Name, int Width, int Height)[] Windows = [("wide", 1440, 900), ("narrow", 390, 844)];

    [SkippableFact]
    public async Task Pages()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Skip.If(folder is null, $"makes screenshots where {Variable} names a folder");
        Skip.If(Chromium.WhyMissing is not null, Chromium.WhyMissing);
        var data = new TemporaryFolder();
        var before = Directory.GetCurrentDirectory();
        folder = Path.GetFullPath(folder);
        try
        {
            Directory.SetCurrentDirectory(data.Path); // the path of the journal is visible in a picture
            await MakeLoginAsync(folder, data.Path);
            using var cluster = await ClusterProcess.StartAsync("--demo", "--data", "cluster");
            var node = cluster.Nodes[1].Api;
            await Task.Delay(MarketBefore / 2);
            await RefuseAsync(node);
            await Task.Delay(MarketBefore / 2);
            foreach (var page in PageTests.Pages.Select(row => (string)row[0])) await MakeAsync(folder, node, page);
            await cluster.StopAsync();
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            data.Dispose();
        }
    }

    private async Task MakeLoginAsync(string folder, string data)
    {
        var rules = Path.Combine(data, "rules.json");
        await File.WriteAllTextAsync(rules, LoginTests.Rules);
        await using var node = await RunningNode.StartAsync(change: options => options with { Access = rules });
        await MakeAsync(folder, node.Client.BaseAddress!, "#/login");
    }

    private async Task MakeAsync(string folder, Uri node, string hash)
    {
        Directory.CreateDirectory(folder);
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var (window, width, height) in Windows)
            {
                await chromium.VisitAsync(node, hash, async visit =>
                {
                    await visit.SettleAsync(hash);
                    await Task.Delay(TimeSpan.FromSeconds(3)); // live data has arrived
                    var path = Path.Combine(folder, $"{hash.Split('/')[1]}-{theme.ToString().ToLowerInvariant()}-{window}.png");
                    await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = path });
                    Assert.InRange(new FileInfo(path).Length, 1, LongestFile);
                }, options =>
                {
                    options.ColorScheme = theme;
                    options.ViewportSize = new ViewportSize { Width = width, Height = height };
                });
            }
        }
    }

    /// <summary>Some rejected records, so that there is something to show.</summary>
    private static async Task RefuseAsync(Uri node)
    {
        using var client = new HttpClient { BaseAddress = node };
        string[] lines =
        [
            """{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":-3,"size":1,"seq":7}""",
            """{"symbol":"MSFT","ts":"2024-07-09T14:30:00Z","price":"many","size":1}""",
            """{"symbol":"AAPL","ts":"2091-07-09T14:30:00Z","price":3,"size":1}""",
            """{"symbol":"","price":1}""",
        ];
        using var body = new StringContent(string.Join('\n', lines), Encoding.UTF8);
        using var answer = await client.PostAsync(new Uri("/ingest?source=desk", UriKind.Relative), body);
    }
}
