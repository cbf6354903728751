using ActorTrading.Host.Tests;
using ActorTrading.TestKit;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>Without a login, a node with access rules shows nothing; with one, only what the caller may see.</summary>
[Collection(Chromium.Collection)]
public sealed class LoginTests(Chromium chromium) : IDisposable
{
    internal const string Rules =
        """
        {"tokens":[{"name":"desk","token":"desk-s3cr3t-0123456789abcdef","read":["AAPL"]},{"name":"watch","token":"watch-s3cr3t-0123456789abcdef","read":["*"]},
                   {"name":"feeder","token":"feeder-s3cr3t-0123456789abcdef","sources":["*"],"symbols":["*"]}]}
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [BrowserFact]
    public async Task Visitor_LogsIn_WhereHeWanted_AndOut_WithoutATokenLeftAnywhere()
    {
        await using var node = await StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/ingest", async visit =>
        {
            var page = visit.Page;
            await visit.UntilAtAsync("#/login");
            await LogInAsync(page, "watch-s3cr3t-0123456789abcdef");
            await visit.UntilAtAsync("#/ingest");
            await page.Locator(".who .name", new() { HasText = "watch" }).WaitForAsync();

            Assert.Equal("", await page.EvaluateAsync<string>("() => document.cookie"));
            var kept = await page.EvaluateAsync<string>("() => JSON.stringify([localStorage, sessionStorage, location.href])");
            Assert.DoesNotContain("s3cr3t", kept, StringComparison.Ordinal);
            var cookie = Assert.Single(await page.Context.CookiesAsync());
            Assert.True(cookie.HttpOnly);
            Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
            Assert.DoesNotContain("s3cr3t", cookie.Value, StringComparison.Ordinal);

            await page.ReloadAsync(); // the session continues
            await page.Locator("h1", new() { HasText = "Ingest" }).WaitForAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
            await page.GetByLabel("Token").WaitForAsync();
            Assert.Empty(await page.Context.CookiesAsync());
        });
    }

    [BrowserFact]
    public async Task WrongToken_IsRefusedInWords()
    {
        await using var node = await StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/login", async visit =>
        {
            visit.Expect("/session");
            await LogInAsync(visit.Page, "guessed");
            await visit.Page.GetByText("The token is not in the access rules.").WaitForAsync();
            Assert.Empty(await visit.Page.Context.CookiesAsync());
            await LogInAsync(visit.Page, "watch-s3cr3t-0123456789abcdef");
            await visit.UntilAtAsync("#/market");
        });
    }

    [BrowserFact]
    public async Task TokenThatMaySeeNothing_IsToldSo()
    {
        await using var node = await StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/login", async visit =>
        {
            await LogInAsync(visit.Page, "feeder-s3cr3t-0123456789abcdef");
            await visit.Page.Locator(".state-denied", new() { HasText = "Not allowed" }).WaitForAsync();
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).WaitForAsync();
        });
    }

    [BrowserFact]
    public async Task SessionThatEnds_LeadsToTheLogin_ThatSaysWhy()
    {
        await using var node = await StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/login", async visit =>
        {
            await LogInAsync(visit.Page, "watch-s3cr3t-0123456789abcdef");
            await visit.Page.Locator(".who .name").WaitForAsync();
            File.WriteAllText(folder.File("rules.json"), """{"tokens":[]}""");
            Assert.True(node.Node.Security.Rules!.Reload());
            visit.ExpectNodeAway(); // requests are rejected from now on
            await visit.GoAsync("#/signals");
            await visit.Page.GetByText("The session has ended").WaitForAsync();
        });
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Login_HasNoViolationThatAxeFinds(ColorScheme theme)
    {
        await using var node = await StartAsync();
        await chromium.VisitAsync(node.Client.BaseAddress!, "#/login", async visit =>
        {
            Assert.Empty((await visit.Page.RunAxe()).Violations);
        }, options => options.ColorScheme = theme);
    }

    /// <summary>Enters a token and submits it.</summary>
    internal static async Task LogInAsync(IPage page, string token)
    {
        await page.GetByLabel("Token").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in", Exact = true }).ClickAsync();
    }

    private Task<RunningNode> StartAsync()
    {
        var rules = folder.File("rules.json");
        File.WriteAllText(rules, Rules);
        return RunningNode.StartAsync(change: options => options with { Access = rules });
    }
}
