using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>
/// Every page is accessible: with a screen reader, with the keyboard only, in both themes, on a telephone and on a large screen.
/// </summary>
[Collection(Chromium.Collection)]
public sealed class LooksTests(Chromium chromium, MarketNode node) : IClassFixture<MarketNode>
{
    private const string Missing =
        """
        () => [...document.querySelectorAll("a[href], button, select, input, textarea, [tabindex='0']")]
          .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility() && !window.reached.has(one))
        """;

    private const string FirstMissing = $"() => ({Missing})()[0]?.outerHTML";

    // The content of the page gets the focus when the page is opened, without showing it: it cannot be operated.
    private const string IsFocusSeen =
        "() => ['BODY', 'MAIN'].includes(document.activeElement.tagName) || "
        + "getComputedStyle(document.activeElement).outlineStyle !== 'none'";

    private static readonly IReadOnlyList<string> Pages = [.. PageTests.Pages.Select(row => (string)row[0])];

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public Task Pages_HaveNoViolationThatAxeFinds(ColorScheme theme) => chromium.VisitAsync(node.Http, Pages[0], async visit =>
    {
        var violations = new List<string>();
        foreach (var page in Pages)
        {
            await visit.SettleAsync(page);
            foreach (var violation in (await visit.Page.RunAxe()).Violations)
                violations.AddRange(violation.Nodes.Select(found => $"{page}: {violation.Id}: {violation.Help}: {found.Html}"));
        }

        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }, options => options.ColorScheme = theme);

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(768)]
    [InlineData(1280)]
    [InlineData(2560)]
    public Task Pages_AreNoWiderThanTheWindow(int width) => chromium.VisitAsync(node.Http, Pages[0], async visit =>
    {
        var wide = new List<string>();
        foreach (var page in Pages)
        {
            await visit.SettleAsync(page);
            var found = await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (found > width) wide.Add($"{page}: {found}");
        }

        Assert.True(wide.Count == 0, string.Join('\n', wide));
    }, options => options.ViewportSize = new ViewportSize { Width = width, Height = 800 });

    /// <summary>Every control that can be clicked is reached by Tab in one round through the page, and shows its focus.</summary>
    [BrowserFact]
    public Task Pages_AreReachedByTheKeyboard() => chromium.VisitAsync(node.Http, Pages[0], async visit =>
    {
        foreach (var page in Pages)
        {
            await visit.SettleAsync(page);
            await visit.Page.EvaluateAsync("() => { document.activeElement?.blur(); window.reached = new Set(); }");
            var waiting = await WaitingAsync();
            Assert.NotEqual(0, waiting);
            for (var pressed = 0; waiting > 0; pressed++)
            {
                if (pressed == 300) Assert.Fail($"{page}: not reached: {await visit.Page.EvaluateAsync<string>(FirstMissing)}");
                await visit.Page.Keyboard.PressAsync("Tab");
                await visit.Page.EvaluateAsync("() => window.reached.add(document.activeElement)");
                if (!await visit.Page.EvaluateAsync<bool>(IsFocusSeen))
                {
                    var focused = await visit.Page.EvaluateAsync<string>("() => document.activeElement.outerHTML.slice(0, 200)");
                    Assert.Fail($"{page}: focus is not seen on {focused}");
                }

                waiting = await WaitingAsync();
            }
        }

        Task<int> WaitingAsync() => visit.Page.EvaluateAsync<int>($"() => ({Missing})().length");
    });

    [BrowserFact]
    public Task Theme_IsThatOfTheSystem_UntilAnotherIsChosen_AndIsKept() => chromium.VisitAsync(node.Http, Pages[0], async visit =>
    {
        Assert.Equal("dark", await SchemeAsync());
        await visit.Page.GetByLabel("Theme").SelectOptionAsync("light");
        Assert.Equal("light", await SchemeAsync());
        await visit.Page.ReloadAsync();
        await visit.SettleAsync(Pages[0]);
        Assert.Equal("light", await SchemeAsync());
        await visit.Page.GetByLabel("Theme").SelectOptionAsync("auto");
        Assert.Equal("dark", await SchemeAsync());

        Task<string> SchemeAsync() => visit.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).colorScheme");
    }, options => options.ColorScheme = ColorScheme.Dark);
}
