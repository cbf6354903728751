using System.Globalization;
using ActorTrading.Domain.Plans;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>The page of the plan: the plan is edited, checked, tried, and applied.</summary>
[Collection(Chromium.Collection)]
public sealed class RulesPageTests(Chromium chromium)
{
    private const string Page = "#/rules";

    [BrowserFact]
    public async Task Mistake_IsUnderlinedAtItsColumn_AndSaid()
    {
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan);
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            visit.Expect("/plan/check"); // 400 while there are errors
            var editor = Editor(visit.Page);
            await visit.Page.GetByText("✓ In force").WaitForAsync();
            var text = (await editor.InputValueAsync()).Replace("sma(9) on 1min", "smma(9) on 1min", StringComparison.Ordinal);
            await editor.FillAsync(text);
            await visit.Page.GetByText("✗ 1 error").WaitForAsync();
            var at = text.IndexOf("smma", StringComparison.Ordinal);
            var (line, column) = (text[..at].Count(one => one == '\n') + 1, at - text.LastIndexOf('\n', at));
            Assert.Equal(["smma"], await visit.Page.Locator(".editor-shadow mark").AllTextContentsAsync());
            var before = await visit.Page.EvaluateAsync<string>("() => document.querySelector('.editor-shadow').firstChild.textContent");
            Assert.Equal(text[..at], before);
            var said = await visit.Page.Locator(".mistakes li").InnerTextAsync();
            Assert.StartsWith($"Line {line}, column {column}", said, StringComparison.Ordinal);
            Assert.Equal("true", await editor.GetAttributeAsync("aria-invalid"));
            var verdict = await visit.Page.Locator("#rules-verdict[role=status]").TextContentAsync();
            // Announced by screen readers.
            Assert.Contains($"line {line}, column {column}: 'smma' is neither an indicator", verdict, StringComparison.Ordinal);
            Assert.True(await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Put in force …" }).IsDisabledAsync());
            await UnderlineIsBeneathTheTextAsync(visit.Page, line, column);

            await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"Line {line}, column {column}" }).ClickAsync();
            Assert.Equal(at, await editor.EvaluateAsync<int>("area => area.selectionStart"));
            await AxeCheck.NoViolationAsync(visit.Page);

            await editor.FillAsync("{ \"frames\": [\"1min\",\n  \"rules\" }");
            await visit.Page.Locator(".mistakes li", new() { HasText = "Line 2, column 11 not valid JSON" }).WaitForAsync();
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Undo all changes" }).ClickAsync();
            await visit.Page.GetByText("✓ In force").WaitForAsync();
            Assert.Equal(0, await visit.Page.Locator(".editor-shadow mark").CountAsync());
        });
    }

    [BrowserTheory]
    [InlineData("{ \"frames\": [\"1min\"], // of ours\n  \"rules\": [ /* one */ \"buy when cl\\u006fse > smma(3)\", ] }", "smma")]
    [InlineData("{ \"symbols\": { \"BTC/USD\": { \"frames\": [\"1min\", \"1mins\"] } } }", "\"1mins\"")]
    [InlineData("{ \"frame\": [\"1min\"] }", "\"frame\"")]
    [InlineData("{ \"rules\": [ { \"name\": \" x\", \"rule\": \"buy when close > 3\" } ] }", "\" x\"")]
    [InlineData("{ \"frames\": [\"1min\"], \"rules\": [ { \"name\": \"x\", \"rule\": \"buy when close >\" } ] }", "\"")]
    [InlineData("{ \"price\": { \"a\": 1 } }", "{ \"a\": 1 }")]
    public async Task MistakeInOddText_IsUnderlinedWhereItIs(string text, string marked)
    {
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan);
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            visit.Expect("/plan/check");
            await visit.Page.GetByText("✓ In force").WaitForAsync();
            await Editor(visit.Page).FillAsync(text);
            await visit.Page.GetByText("✗ 1 error").WaitForAsync();
            Assert.Equal([marked], await visit.Page.Locator(".editor-shadow mark").AllTextContentsAsync());
        });
    }

    [BrowserFact]
    public async Task Rules_AreExplainedInWords()
    {
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan);
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            var rule = visit.Page.Locator("details.rule", new() { HasText = "cross" }).First;
            await rule.Locator("summary").ClickAsync();
            await rule.GetByText("buy, when this becomes true: sma(3)@1min crosses above sma(9)@1min").WaitForAsync();
            Assert.Equal(3, await visit.Page.Locator("details.rule").CountAsync());
            await AxeCheck.NoViolationAsync(visit.Page);
        });
    }

    [BrowserFact]
    public async Task DryRun_ShowsWhatBacktestsOfBothPlansGive()
    {
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan);
        await WavyMarket.FillAsync(node);
        var before = (await WavyMarket.BacktestAsync(WavyMarket.Plan)).Count;
        var after = (await WavyMarket.BacktestAsync(WavyMarket.Changed)).Count;
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            await Editor(visit.Page).FillAsync(WavyMarket.Changed);
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
            var counts = visit.Page.Locator(".trial-counts dd");
            await counts.First.WaitForAsync();
            var shown = (await counts.AllInnerTextsAsync())
                .Select(text => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)).ToList();
            var (present, proposed, come, go, move, stay) = (shown[0], shown[1], shown[2], shown[3], shown[4], shown[5]);
            Assert.Equal((before, after), (present, proposed));
            Assert.Equal((before, after), (stay + move + go, stay + move + come));
            Assert.True(come > 0 && go > 0 && stay > 0);
            Assert.Equal(Plan.Parse(WavyMarket.Plan).Hash, node.Node.Plan.Hash);
            await AxeCheck.NoViolationAsync(visit.Page);
        });
    }

    [BrowserFact]
    public async Task Plan_IsPutInForceFromThePage()
    {
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan);
        await WavyMarket.FillAsync(node);
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            await Editor(visit.Page).FillAsync(WavyMarket.Changed);
            await visit.Page.GetByText("✓ Good, not in force").WaitForAsync();
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Put in force …" }).ClickAsync();
            Assert.Equal(Plan.Parse(WavyMarket.Plan).Hash, node.Node.Plan.Hash); // only after confirmation
            await AxeCheck.NoViolationAsync(visit.Page);
            await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Put in force" }).ClickAsync();
            await visit.Page.GetByText("✓ The plan is in force").WaitForAsync();
            Assert.Equal(Plan.Parse(WavyMarket.Changed).Hash, node.Node.Plan.Hash);
            await visit.Page.GetByText("✓ In force").WaitForAsync();
            Assert.Equal(Plan.Parse(WavyMarket.Changed).Hash, Plan.Parse(await Editor(visit.Page).InputValueAsync()).Hash);
        });
    }

    [BrowserFact]
    public async Task PlanThatSomebodyElseChanged_IsNotReplacedUnseen()
    {
        const string Other = """{ "frames": ["1min"], "rules": ["buy when close > 3"] }""";
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan);
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            visit.Expect("/plan"); // 409
            await Editor(visit.Page).FillAsync(WavyMarket.Changed);
            await visit.Page.GetByText("✓ Good, not in force").WaitForAsync();
            await node.Node.Changes.ChangePlanAsync(Plan.Parse(Other), CancellationToken.None);
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Put in force …" }).ClickAsync();
            await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Put in force" }).ClickAsync();
            await visit.Page.GetByText("Another user changed the plan meanwhile").WaitForAsync();
            Assert.Equal(Plan.Parse(Other).Hash, node.Node.Plan.Hash);
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Discard mine and show theirs" }).ClickAsync();
            await visit.Page.GetByText("✓ In force").WaitForAsync();
            Assert.Equal(Plan.Parse(Other).Hash, Plan.Parse(await Editor(visit.Page).InputValueAsync()).Hash);
        });
    }

    [BrowserFact]
    public async Task WithoutTheRight_PuttingInForceIsNotOffered_AndThePageSaysWhy()
    {
        var rules = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            rules,
            """{"anonymous":{"read":["*"]},"tokens":[{"name":"ops","token":"ops-t0ken-0123456789abcdef","read":["*"],"admin":true}]}""");
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan, options => options with { Access = rules });
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            await Editor(visit.Page).FillAsync(WavyMarket.Changed);
            await visit.Page.GetByText("✓ Good, not in force").WaitForAsync();
            Assert.Equal(0, await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Put in force …" }).CountAsync());
            await visit.Page.GetByText("It cannot be put in force").WaitForAsync();
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
            await visit.Page.Locator(".trial-counts dd").First.WaitForAsync();
            await AxeCheck.NoViolationAsync(visit.Page);
        });
        File.Delete(rules);
    }

    [BrowserFact]
    public async Task Session_PutsThePlanInForce_WhereItsTokenMay_AndOneThatSeesSomeSymbolsSeesNoPlan()
    {
        var rules = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            rules,
            """{"tokens":[{"name":"ops","token":"ops-t0ken-0123456789abcdef","read":["*"],"admin":true},{"name":"desk","token":"desk-t0ken-0123456789abcdef","read":["A"]}]}""");
        await using var node = await RunningNode.StartAsync(WavyMarket.Plan, options => options with { Access = rules });
        await chromium.VisitAsync(node.Client.BaseAddress!, Page, async visit =>
        {
            visit.Expect("/plan"); // 403
            await LogInAsync(visit.Page, "desk-t0ken-0123456789abcdef");
            await visit.Page.Locator(".state-denied", new() { HasText = "Not allowed" }).WaitForAsync();
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
            await LogInAsync(visit.Page, "ops-t0ken-0123456789abcdef");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).WaitForAsync();
            await visit.GoAsync(Page);
            await Editor(visit.Page).FillAsync(WavyMarket.Changed);
            await visit.Page.GetByText("✓ Good, not in force").WaitForAsync();
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Put in force …" }).ClickAsync();
            await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Put in force" }).ClickAsync();
            await visit.Page.GetByText("✓ The plan is in force").WaitForAsync();
            Assert.Equal(Plan.Parse(WavyMarket.Changed).Hash, node.Node.Plan.Hash);
        });
        File.Delete(rules);

        static async Task LogInAsync(IPage page, string token)
        {
            await page.GetByLabel("Token").FillAsync(token);
            await page.GetByLabel("Token").PressAsync("Enter");
        }
    }

    [BrowserFact]
    public async Task PageOfAnyNode_ShowsTheSignalsAndChangesThePlanOfTheWholeCluster()
    {
        await using var first = await StartAsync(null);
        await using var second = await StartAsync(first);
        await WavyMarket.FillAsync(first);
        var before = (await WavyMarket.BacktestAsync(WavyMarket.Plan)).Count;
        var after = (await WavyMarket.BacktestAsync(WavyMarket.Changed)).Count;
        await chromium.VisitAsync(second.Client.BaseAddress!, Page, async visit =>
        {
            await Editor(visit.Page).FillAsync(WavyMarket.Changed);
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
            await visit.Page.Locator(".trial-counts dd").First.WaitForAsync();
            Assert.Equal([$"{before}", $"{after}"], (await visit.Page.Locator(".trial-counts dd").AllInnerTextsAsync()).Take(2));
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Put in force …" }).ClickAsync();
            await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Put in force" }).ClickAsync();
            await visit.Page.GetByText("✓ The plan is in force").WaitForAsync();
            Assert.Equal(Plan.Parse(WavyMarket.Changed).Hash, first.Node.Plan.Hash);

            await visit.GoAsync("#/signals");
            await visit.Page.GetByText($"{before} shown, back to the first").WaitForAsync();
            await visit.Page.Locator(".table-row").First.ClickAsync();
            await visit.Page.GetByLabel("Explanation").Locator(".verdict").WaitForAsync();
            var more = 0;
            while (second.Node.Hosted.LastSignal == before)
                await first.PostAsync("/ingest", WavyMarket.Tick("A", 60 * ++more, 100 + (9 * Math.Sin(more))));
            await visit.Page.GetByText($"{before + 1} shown").Or(visit.Page.GetByText($"{before + 2} shown")).WaitForAsync();
        });
    }

    private static Task<RunningNode> StartAsync(RunningNode? first) =>
        RunningNode.StartAsync(first is null ? WavyMarket.Plan : null, options => options with
        {
            Kind = EngineKind.Cluster,
            Journal = first?.Node.Journal.Location,
            Cluster = options.Cluster with { Port = 0, Seeds = first is null ? [] : [first.Node.Hosting!.Address!] },
        });

    private static ILocator Editor(IPage page) => page.GetByLabel("The plan, as JSON");

    /// <summary>The copy with the underlines has the position and font of the text.</summary>
    private static async Task UnderlineIsBeneathTheTextAsync(IPage page, int line, int column)
    {
        var off = await page.EvaluateAsync<double[]>(
            """
            ([line, column]) => {
                const area = document.querySelector(".editor-text"), style = getComputedStyle(area);
                const canvas = document.createElement("canvas").getContext("2d");
                canvas.font = style.font;
                const character = canvas.measureText("0").width, height = parseFloat(style.lineHeight), box = area.getBoundingClientRect();
                const mark = document.querySelector(".editor-shadow mark").getBoundingClientRect();
                const x = box.left + parseFloat(style.paddingLeft) + (column - 1) * character - area.scrollLeft;
                const y = box.top + parseFloat(style.paddingTop) + (line - 1) * height - area.scrollTop;
                return [Math.abs(mark.left - x), Math.abs((mark.top + mark.bottom) / 2 - (y + height / 2))];
            }
            """,
            new[] { line, column });
        Assert.True(off[0] < 2 && off[1] < 4, $"off by {off[0]} and {off[1]} pixels");
    }

}
