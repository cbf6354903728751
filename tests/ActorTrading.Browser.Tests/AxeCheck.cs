using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>Accessibility of a page, checked by axe.</summary>
internal static class AxeCheck
{
    public static async Task NoViolationAsync(IPage page)
    {
        var found = await page.RunAxe();
        var told = found.Violations.Select(one => $"{one.Id}: {one.Help} {string.Join(' ', one.Nodes.Select(node => node.Html))}");
        Assert.True(found.Violations.Length == 0, string.Join('\n', told));
    }
}
