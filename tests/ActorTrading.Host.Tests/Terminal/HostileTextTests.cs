using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ActorTrading.Host.Clustering;
using ActorTrading.Host.Logging;
using ActorTrading.Host.Terminal;
using ActorTrading.TestKit;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace ActorTrading.Host.Tests.Terminal;

/// <summary>
/// Texts with terminal control sequences in a node's answers: no command prints them unescaped, no line is forged, and the original text
/// can be restored from the output.
/// </summary>
public sealed class HostileTextTests : IAsyncLifetime
{
    private const string Hostile = "a\u001b]0;x\u0007\u009b2J\u007f\u202eevil\u2066\r\nFORGED \\u001b\tz";

    private readonly TemporaryFolder folder = new();
    private readonly StringWriter printed = new();
    private WebApplication node = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        node = builder.Build();
        node.Run(AnswerAsync);
        await node.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("symbols")]
    [InlineData("ledger")]
    [InlineData("partitions")]
    [InlineData("shards")]
    [InlineData("subscriptions", "list")]
    [InlineData("subscriptions", "add", "AAPL")]
    [InlineData("subscriptions", "clear")]
    [InlineData("state", "AAPL")]
    [InlineData("explain", "SIGNAL")]
    [InlineData("exclude", "AAPL")]
    [InlineData("exclude", "AAPL", "--source", "feed")]
    [InlineData("health")]
    [InlineData("tail", "rejects", "--count", "1")]
    [InlineData("symbols", "--json")]
    [InlineData("state", "AAPL", "--json")]
    [InlineData("state", "REFUSED")]
    [InlineData("explain", "REFUSED")]
    public async Task Command_PrintsNothingThatSteersATerminal(params string[] command)
    {
        var text = await PrintedAsync([.. command, "--node", node.Urls.Single()]);
        Assert.Contains("evil", text, StringComparison.Ordinal);
        AssertHarmless(text);
        if (command is ["tail", ..] or [.., "--json"]) Assert.Contains(Hostile, Texts(text), StringComparer.Ordinal); // JSON is unchanged
        else Assert.Contains(PlainText.Line(Hostile), text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("backtest")]
    [InlineData("feed")]
    [InlineData("plan", "check")]
    [InlineData("state", "AAPL", "--data")]
    public async Task FileWithSuchANameAndContent_IsPrintedHarmlessly(params string[] command)
    {
        var file = folder.File("a\u001b[2J\nFORGED\u009b.ndjson");
        await File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(new { symbol = Hostile, ts = "2024-07-09T14:30:00Z", price = Hostile, size = 1, source = Hostile })
            + "\n{\u001b\u009b}\n");
        AssertHarmless(await PrintedAsync([.. command, file]));
    }

    [Fact]
    public async Task WhatIsTypedWrongly_IsToldHarmlessly() =>
        AssertHarmless(await PrintedAsync("state", Hostile, "--nothing\u001b[2J"));

    [Theory]
    [InlineData("signal")]
    [InlineData("bar")]
    [InlineData("reject")]
    [InlineData("late")]
    [InlineData("tick")]
    public void Tail_OnATerminal_ShowsItsOwnColours_AndNobodyElses(string topic)
    {
        using var text = new StringWriter();
        var console = SafeOutput.Shielded(
            AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(text) }));
        console.Profile.Width = 100_000;
        new TailPrinter(console).Print(topic, JsonDocument.Parse(Answer("symbols")).RootElement);
        var lines = text.ToString();
        AssertHarmless(Regex.Replace(lines, @"\e\[[0-9;]*m", "")); // the rest without the product's own colours
        Assert.Single(lines.TrimEnd().Split('\n'));
        Assert.Contains(@"a\u001b]0;x\u0007", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void LinesOfNodesOnOneTerminal_AreHarmless()
    {
        using var text = new StringWriter();
        new MergedLog(text, isColoured: false).Write(1, Hostile.ReplaceLineEndings(""));
        AssertHarmless(text.ToString());
    }

    [Theory]
    [InlineData("Text")]
    [InlineData("Json")]
    public void LineOfTheLog_IsOneLine_AndHarmless(string format)
    {
        using var text = new StringWriter();
        new LineFormatter(Enum.Parse<LogFormat>(format), TimeProvider.System).Write(
            new LogEntry<string>(LogLevel.Error, "x", default, Hostile, new InvalidOperationException(Hostile), (state, _) => state), null,
            text);
        AssertHarmless(text.ToString());
        Assert.Single(text.ToString().TrimEnd('\n').Split('\n'));
    }

    /// <summary>Anything written to the standard output without escaping.</summary>
    [Fact]
    public async Task Writer_LetsNothingThrough_HoweverItIsCalled()
    {
        using var text = new StringWriter();
        await using var writer = new SafeWriter(text);
        writer.Write('\u001b');
        writer.Write("\u009b\u007f");
        writer.Write(['\u202e', 'x'], 0, 2);
        writer.Write("{0}", "\u0007");
        writer.WriteLine("\u001b[2J");
        writer.WriteLine(new StringBuilder("\u001b"));
        await writer.WriteAsync("\u001b");
        await writer.WriteLineAsync("\u001b".AsMemory());
        await writer.WriteAsync(["\u001b"[0]], 0, 1);
        foreach (var half in "😀") writer.Write(half); // in two calls
        writer.WriteLine();
        AssertHarmless(text.ToString());
        Assert.EndsWith("😀\n", text.ToString(), StringComparison.Ordinal);
    }

    private static void AssertHarmless(string text)
    {
        Assert.DoesNotContain(
            text,
            c => c is not ('\n' or '\t') && (char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')));
        Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("FORGED", StringComparison.Ordinal));
    }

    private static List<string> Texts(string lines)
    {
        var texts = new List<string>();
        foreach (var line in lines.Split('\n').Where(line => line.StartsWith('{'))) Add(JsonNode.Parse(line));
        return texts;

        void Add(JsonNode? at)
        {
            if (at is JsonArray array) foreach (var item in array) Add(item);
            else if (at is System.Text.Json.Nodes.JsonObject members) foreach (var member in members) Add(member.Value);
            else if (at is JsonValue value && value.TryGetValue<string>(out var text)) texts.Add(text);
        }
    }

    private async Task<string> PrintedAsync(params string[] command)
    {
        var (output, error) = (Console.Out, Console.Error);
        Console.SetOut(printed);
        Console.SetError(printed);
        try
        {
            await CommandLine.RunAsync(command);
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }

        return printed.ToString();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/events")
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"event: reject\ndata: {Answer(path)}\n\n");
            return;
        }

        if ((path + context.Request.QueryString).Contains("REFUSED", StringComparison.Ordinal)) context.Response.StatusCode = 400;
        await context.Response.WriteAsync(Answer(path));
    }

    /// <summary>All members that any printer reads, each with such a text.</summary>
    private static string Answer(string path)
    {
        var answer = path.Contains("explain", StringComparison.Ordinal)
            ? """
            {"code":@@,"detail":@@,"outcome":@@,"logged":{"time":@@,"action":@@,"symbol":@@,"price":@@,"name":@@,"trigger":{@@:@@}},
             "rule":[@@],"values":[{"name":@@,"before":@@,"at":@@}],"bar":{"open":@@},"records":[{"symbol":@@}],"records_of_bar":1}
            """
            : """
            {"code":@@,"detail":@@,"status":@@,"symbol":@@,"source":@@,"reason":@@,"value":@@,"name":@@,"action":@@,"id":@@,"ts":@@,
             "frames":{@@:{"last_bar":{"open":@@},"values":{@@:1}}},"values":{@@:1},
             "shards":[{"owner":@@,"shard":1,"rate":1,"lag_seconds":1,"last_event":{"symbol":@@,"event":1,"time":"2024-07-09T14:30:00Z"}}],
             "nodes":[{"node":@@}],"silent":[@@],"rows":[{@@:@@}],
             "exclusions":[{"number":1,"source":@@,"by":@@,"records":1,"time":@@}]}
            """.ReplaceLineEndings("");
        return answer.Replace("@@", JsonSerializer.Serialize(Hostile), StringComparison.Ordinal);
    }
}
