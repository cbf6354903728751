using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ActorTrading.Browser.Tests;

/// <summary>A visited page, and its errors.</summary>
public sealed partial class Visit
{
    private readonly ConcurrentQueue<(string Text, string Path)> problems = new();
    private readonly ConcurrentDictionary<string, byte> expected = new();
    private readonly Uri node;
    private volatile bool isNodeAway;

    public Visit(IPage page, Uri node)
    {
        Page = page;
        this.node = node;
        page.Console += (_, message) => Note(message);
        page.PageError += (_, error) => problems.Enqueue(($"error of the page: {error}", ""));
        page.Request += (_, request) => Note(request);
        page.WebSocket += (_, socket) => Note(new Uri(socket.Url), "WebSocket");
    }

    public IPage Page { get; }

    /// <summary>The unexpected errors so far.</summary>
    public IReadOnlyCollection<string> Problems =>
        [.. problems.Where(problem => !expected.ContainsKey(problem.Path)).Select(problem => problem.Text)];

    /// <summary>Goes to a location in the page, such as <c>#/market</c>, and waits for its heading.</summary>
    public async Task GoAsync(string hash)
    {
        await Page.GotoAsync(new Uri(node, "/" + hash).ToString());
        await Page.Locator("main h1, main .state").First.WaitForAsync();
    }

    /// <summary>Goes to a location and waits until nothing is loading any more.</summary>
    public async Task SettleAsync(string hash)
    {
        await GoAsync(hash);
        await Page.WaitForFunctionAsync("() => !document.querySelector('main .state-loading')");
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /// <summary>Waits until the page is at that location.</summary>
    public Task UntilAtAsync(string hash) => Page.WaitForFunctionAsync("hash => location.hash === hash", hash);

    /// <summary>
    /// Responses of that path with an error status are expected, earlier ones too; the browser writes each of them to the console.
    /// </summary>
    public void Expect(string path) => expected[path] = 0;

    /// <summary>From now on connections to the node may fail.</summary>
    public void ExpectNodeAway() => isNodeAway = true;

    private void Note(IConsoleMessage message)
    {
        if (message.Type is not ("error" or "warning")) return;
        var place = message.Location.Split(['?', '#'], 2)[0];
        if (isNodeAway && Connection().IsMatch(message.Text)) return;
        var path = Uri.TryCreate(place, UriKind.Absolute, out var at) ? TrimLine(at.AbsolutePath) : "";
        problems.Enqueue(($"console {message.Type}: {message.Text} ({message.Location})", path));
    }

    /// <summary>Playwright writes a location as address:line:column.</summary>
    private static string TrimLine(string path) => LineAndColumn().Replace(path, "");

    private void Note(IRequest request) => Note(new Uri(request.Url), request.Method);

    private void Note(Uri asked, string method)
    {
        if (asked.Scheme is "data" or "blob" || asked.Authority == node.Authority) return;
        problems.Enqueue(($"request to another origin: {method} {asked}", ""));
    }

    [GeneratedRegex("net::ERR_|WebSocket connection|status of (401|503)")]
    private static partial Regex Connection();

    [GeneratedRegex("(:\\d+)+$")]
    private static partial Regex LineAndColumn();
}
