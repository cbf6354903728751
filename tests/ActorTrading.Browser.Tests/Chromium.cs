using System.Runtime.ExceptionServices;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>The browser of the machine, started once for all tests. None is ever downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>The tests that share it, one after another.</summary>
    public const string Collection = "Chromium";

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Why there is no browser; null if there is one.</summary>
    public static string? WhyMissing { get; } = Found is null ? $"needs a browser: {Places[0]} (apt-get install chromium)" : WhyNoDriver();

    private static string? Found => Places.FirstOrDefault(File.Exists);

    public async Task InitializeAsync()
    {
        if (WhyMissing is not null) return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Found,
            Args = ["--no-sandbox", "--disable-dev-shm-usage"], // for root, and for a container's small /dev/shm
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.CloseAsync();
        playwright?.Dispose();
    }

    /// <summary>
    /// Opens the dashboard of a node in a separate browser context (no cookies, no settings) and passes it to the visit. Fails if the page
    /// wrote an error to its console, threw one, or sent a request to another origin, whether the visit itself fails or not.
    /// </summary>
    /// <param name="node">The address of the node.</param>
    /// <param name="hash">The location in the page, such as <c>#/market</c>.</param>
    /// <param name="visit">The steps of the visit.</param>
    /// <param name="change">Changes the browser's window, theme, zone and so on.</param>
    public async Task VisitAsync(Uri node, string hash, Func<Visit, Task> visit, Action<BrowserNewContextOptions>? change = null)
    {
        var options = new BrowserNewContextOptions
        {
            Locale = "en-US", TimezoneId = "UTC", ViewportSize = new ViewportSize { Width = 1280, Height = 800 }, IgnoreHTTPSErrors = true,
        };
        change?.Invoke(options);
        await using var context = await browser!.NewContextAsync(options);
        context.SetDefaultTimeout(15_000);
        var visited = new Visit(await context.NewPageAsync(), node);
        Exception? failure = null;
        try
        {
            await visited.GoAsync(hash);
            await visit(visited);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (visited.Problems.Count > 0) Assert.Fail($"{string.Join('\n', visited.Problems)}\n{failure}");
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>The driver is part of the package, for the common platforms.</summary>
    private static string? WhyNoDriver() => Directory.Exists(Path.Combine(AppContext.BaseDirectory, ".playwright", "node"))
        ? null
        : "needs the driver of Playwright, which its package does not have for this platform";
}

/// <summary>The tests that share a browser.</summary>
[CollectionDefinition(Chromium.Collection)]
public sealed class ChromiumTests : ICollectionFixture<Chromium>;

/// <summary>A fact about the page in a browser: skipped, with the reason, if there is no browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.WhyMissing;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.WhyMissing;
}
