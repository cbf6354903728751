using ActorTrading.Host.Demonstrating;
using ActorTrading.Host.Tests;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>Creates the pictures of docs/dashboard.md that need a click: an explained signal, and a tried plan.</summary>
[Collection(Chromium.Collection)]
public sealed class SignalScreenshots(Chromium chromium)
{
    private const int LongestFile = 200_000;

    private static readonly (string Name, int Width, int Height)[] Windows = [("wide", 1440, 900), ("narrow", 390, 844)];

    [SkippableFact]
    public async Task ExplainedAndTried()
    {
        var folder = Environment.GetEnvironmentVariable(Screenshots.Variable);
        Skip.If(folder is null, $"makes screenshots where {Screenshots.Variable} names a folder");
        Skip.If(Chromium.WhyMissing is not null, Chromium.WhyMissing);
        await using var node = await RunningNode.StartAsync(change: options => options with
        {
            Engine = options.Engine with { LiveBuffer = DemoMarket.LiveBuffer },
        });
        await MarketNode.FillAsync(node.Node);
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var (window, width, height) in Windows)
            {
                var suffix = $"{theme.ToString().ToLowerInvariant()}-{window}.png";
                await MakeAsync("#/signals", ExplainAsync, $"signals-explained-{suffix}");
                await MakeAsync("#/rules", TryAsync, $"rules-tried-{suffix}");

                Task MakeAsync(string hash, Func<IPage, Task> act, string file) =>
                    chromium.VisitAsync(node.Client.BaseAddress!, hash, async visit =>
                    {
                        await visit.SettleAsync(hash);
                        await act(visit.Page);
                        await Task.Delay(TimeSpan.FromSeconds(1)); // charts are drawn in animation frames
                        Directory.CreateDirectory(folder);
                        var path = Path.Combine(folder, file);
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

    private static async Task ExplainAsync(IPage page)
    {
        await page.Locator(".table-row").Nth(2).ClickAsync();
        await page.Locator(".explanation .bars canvas").First.WaitForAsync();
    }

    private static async Task TryAsync(IPage page)
    {
        var editor = page.GetByLabel("The plan, as JSON");
        var plan = await editor.InputValueAsync();
        await editor.FillAsync(plan.Replace("crosses above 70", "crosses above 65", StringComparison.Ordinal)
            .Replace("ema(20)@1min crosses", "ema(18)@1min crosses", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
        await page.Locator(".trial-list .table-row").First.WaitForAsync();
        await page.Locator(".trial").EvaluateAsync("element => element.scrollIntoView()");
    }
}
