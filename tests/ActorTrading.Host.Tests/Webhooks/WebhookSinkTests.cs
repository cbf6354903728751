using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Embedded;
using ActorTrading.Engine.Excluding;
using ActorTrading.Host.Webhooks;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using Microsoft.Extensions.Logging.Abstractions;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Host.Tests.Webhooks;

/// <summary>Webhooks with a server on loopback that is down, slow, failing, or rejects everything.</summary>
public sealed class WebhookSinkTests : IAsyncLifetime
{
    private static readonly HookReply Taken = new(204);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder folder = new();
    private readonly MemoryJournal journal = new();
    private EmbeddedEngine engine = null!;
    private List<LoggedSignal> signals = [];
    private List<Input> later = [];
    private int all; // number of signals after the later inputs

    public async Task InitializeAsync()
    {
        var plan = TestPlans.All["every frame"];
        var stream = HostileMarkets.Stream(seed: 12, count: 2_400, step: 5 * Timestamp.Second);
        var inputs = stream.Take(1_200).ToList();
        later = [.. stream.Skip(1_200)];
        engine = await EmbeddedEngine.OpenAsync(plan, journal);
        await EngineReading.SendAsync(engine, inputs, 40);
        signals = await EngineReading.SignalsAsync(engine, 0, EngineReading.MarketOf(plan, inputs).Log.Signals.Count);
        all = EngineReading.MarketOf(plan, stream).Log.Signals.Count;
        Assert.True(signals.Count is > 10 and < 500, $"{signals.Count}");
    }

    public async Task DisposeAsync()
    {
        await engine.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task EverySignal_ArrivesOnce_InOrder_WithItsKeyAndSignature()
    {
        await using var server = new HookServer(_ => Taken);
        var secret = Secret("0123456789abcdef0123");
        var time = new HastyTime(Limit);
        await using (var sink = Open(Options(server.Url) with { Secret = secret }, time))
        {
            await UntilAsync(() => sink.Status.Delivered == signals.Count, "all are delivered");
            Assert.Equal((signals.Count, 0L, 0L), (sink.Status.Position, sink.Status.Waiting, sink.Status.Failures));
        }

        Assert.Equal(signals.Select(signal => signal.Signal.Id), server.Requests.Select(request => request.Key));
        foreach (var (request, logged) in server.Requests.Zip(signals))
        {
            Assert.Equal("POST /hook?token=hush HTTP/1.1", request.Line);
            Assert.Equal("application/json", request.Headers["content-type"]);
            Assert.Equal(secret.Sign(HastyTime.Now.ToUnixTimeSeconds(), request.Body), request.Headers["x-actortrading-signature"]);
            var body = JsonDocument.Parse(request.Body).RootElement;
            Assert.Equal(logged.Position, body.GetProperty("position").GetInt64());
            Assert.Equal(logged.Signal.Id, body.GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task Withdrawal_HasAKeyOfItsOwn_AndTheIdOfTheSignalThatItTakesBack()
    {
        await engine.ChangePlanAsync(Plan.Parse("""{"frames":["1min"],"rules":["buy when close > 1000 on tick"]}"""));
        await using var server = new HookServer(_ => Taken);
        await using var sink = Open(Options(server.Url) with { FromFirst = false });
        var symbol = Symbol.Parse("NEW");
        var record = Record.OfTick(
            symbol, new Identity(Source.Parse("feed"), 0, 1), new Timestamp(1_720_522_800L * Timestamp.Second), 2_000 * Fixed8.One,
            Fixed8.One);
        await (await engine.SubmitAsync(new[] { record })).Durable;
        await engine.ExcludeAsync(symbol, new ExclusionRequest(ExclusionRequest.ParseId("feed:1")!));
        await UntilAsync(() => sink.Status.Delivered == 2, "the signal and its withdrawal are delivered");
        var ids = server.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement.GetProperty("id").GetString()!).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal([ids[0], $"{ids[0]}/withdrawn"], server.Requests.Select(request => request.Key));
    }

    [Fact]
    public async Task OnlyWhatIsWanted_IsSent_AndTheRestIsPassedBy()
    {
        await using var server = new HookServer(_ => Taken);
        var one = signals[^1].Signal;
        var options = Options(server.Url) with
        {
            Symbols = new HashSet<Symbol> { one.Symbol }, Rules = new HashSet<string> { one.RuleName },
            Actions = new HashSet<Domain.Signals.SignalAction> { one.Action },
        };
        await using var sink = Open(options);
        await UntilAsync(() => sink.Status.Waiting == 0, "it has come to the end of the log");
        var wanted = signals.Where(logged => logged.Signal.Symbol.Equals(one.Symbol) && logged.Signal.RuleName == one.RuleName).ToList();
        Assert.InRange(wanted.Count, 1, signals.Count - 1);
        Assert.Equal(wanted.Select(logged => logged.Signal.Id), server.Requests.Select(request => request.Key));
    }

    [Fact]
    public async Task ServerThatIsDown_GetsEverythingOnceItIsUp_AndTheEngineGoesOnMeanwhile()
    {
        int port;
        await using (var taken = new HookServer(_ => Taken)) port = taken.Port; // nobody listens there any more
        await using var sink = Open(Options(new Uri($"http://127.0.0.1:{port}/")));
        await UntilAsync(() => sink.Status.Failures > 3, "some attempts have failed");
        Assert.NotNull(sink.Status.Fault);
        Assert.Equal((0L, (long)signals.Count), (sink.Status.Position, sink.Status.Waiting));
        await EngineReading.SendAsync(engine, later, 10);

        await using var server = new HookServer(_ => Taken, port);
        await UntilAsync(() => sink.Status is { Waiting: 0, Fault: null }, "all are delivered");
        Assert.Equal(signals.Select(signal => signal.Signal.Id), server.Requests.Select(request => request.Key).Take(signals.Count));
    }

    [Fact]
    public async Task ServerInTrouble_IsAskedAgain_LaterAndLater_AndAsLateAsItWishes()
    {
        HookReply?[] trouble =
        [
            new(500), new(502), null, new(429, "Retry-After: 90"), new(503, $"Retry-After: {HastyTime.Now.AddHours(1):R}"),
            new(408), new(429, "Retry-After: 99999999"), new(301, "Location: /elsewhere"), new(500, "Retry-After: 1"),
        ];
        var asked = -1;
        await using var server = new HookServer(
            _ => Interlocked.Increment(ref asked) is var number && number < trouble.Length ? trouble[number] : Taken);
        var time = new HastyTime(Limit);
        await using var sink = Open(
            Options(server.Url) with { FirstWait = TimeSpan.FromSeconds(2), LongestWait = TimeSpan.FromSeconds(60) }, time, chance: 0.5);
        await UntilAsync(() => sink.Status.Waiting == 0, "all are delivered");
        Assert.Equal([1.5, 3, 6, 90, 3_600, 45, 86_400, 45, 45], time.Waits.Select(wait => wait.TotalSeconds));
        Assert.All(server.Requests.Take(trouble.Length + 1), request => Assert.Equal(signals[0].Signal.Id, request.Key));
        Assert.All(server.Requests, request => Assert.StartsWith("POST /hook", request.Line, StringComparison.Ordinal));
        Assert.Equal(signals.Count + trouble.Length, server.Requests.Count);
        Assert.Equal((trouble.Length, signals.Count, 0L), (sink.Status.Failures, sink.Status.Delivered, sink.Status.DeadLetters));
    }

    [Fact]
    public async Task ServerThatDoesNotAnswer_IsGivenUp_AndAskedAgain()
    {
        var held = new TaskCompletionSource<HookReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        await using var server = new HookServer(
            _ => Interlocked.Increment(ref asked) == 1 ? held.Task : Task.FromResult<HookReply?>(Taken));
        await using var sink = Open(Options(server.Url) with { Timeout = TimeSpan.FromMilliseconds(200) });
        await UntilAsync(() => sink.Status.Waiting == 0, "all are delivered");
        Assert.Equal(server.Requests.ElementAt(0).Key, server.Requests.ElementAt(1).Key);
        held.SetResult(Taken);
    }

    [Fact]
    public async Task WhatIsRefusedForGood_IsADeadLetter_AndTheOthersGoOn()
    {
        var gone = signals[3].Signal.Id;
        await using var server = new HookServer(request => request.Key == gone ? new HookReply(410) : Taken);
        await using (var sink = Open(Options(server.Url)))
        {
            await UntilAsync(() => sink.Status.Waiting == 0, "it has come to the end of the log");
            Assert.Equal((1L, signals.Count - 1), (sink.Status.DeadLetters, sink.Status.Delivered));
        }

        Assert.Equal(signals.Select(signal => signal.Signal.Id), server.Requests.Select(request => request.Key));
        var letter = JsonDocument.Parse(Assert.Single(File.ReadAllLines(folder.File("desk.dead.ndjson")))).RootElement;
        Assert.Equal("410 Said", letter.GetProperty("reason").GetString());
        Assert.Equal(4, letter.GetProperty("position").GetInt64());
        Assert.Equal(gone, letter.GetProperty("signal").GetProperty("id").GetString());
    }

    [Fact]
    public async Task DeadLetters_AreSetAsideAtTheirLimit_AndOneFileIsKept()
    {
        await using var server = new HookServer(_ => new HookReply(400));
        await using (var sink = Open(Options(server.Url) with { DeadLetterBytes = 2_000 }))
            await UntilAsync(() => sink.Status.Waiting == 0, "it has come to the end of the log");
        var (now, before) = (folder.File("desk.dead.ndjson"), folder.File("desk.dead.old.ndjson"));
        Assert.InRange(new FileInfo(before).Length, 500, 2_000);
        var positions = File.ReadLines(before).Concat(File.ReadLines(now))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("position").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(signals.Count - positions.Count + 1, positions.Count).Select(position => (long)position), positions);
    }

    [Fact]
    public async Task CrashBetweenDeliveryAndItsPosition_DeliversAgain_UnderTheSameKey()
    {
        await using var server = new HookServer(_ => Taken);
        var obstacle = folder.File("desk.cursor.next");
        await using (var sink = Open(Options(server.Url)))
        {
            await UntilAsync(() => sink.Status.Waiting == 0, "the past is delivered");
            await UntilAsync(() => IsBlocked(obstacle), "no position can be written any more");
            await EngineReading.SendAsync(engine, later, 40);
            await UntilAsync(() => engine.LastSignal == all && sink.Status.Waiting == 0, "there were more");
            Assert.True(sink.Status.CursorFailures > 0);
        }

        Directory.Delete(obstacle);
        await using (var sink = Open(Options(server.Url)))
            await UntilAsync(() => sink.Status.Waiting == 0, "they are delivered again");
        var keys = server.Requests.Select(request => request.Key).ToList();
        var again = all - signals.Count;
        Assert.Equal(signals.Count + (2 * again), keys.Count);
        Assert.Equal(keys.Skip(signals.Count).Take(again), keys.Skip(signals.Count + again));
    }

    /// <summary>Replaces a file by a folder, unless the file is being written at that moment.</summary>
    private static bool IsBlocked(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Restart_GoesOnWhereItStopped_InTheMiddleOfTrouble()
    {
        var served = 0;
        await using var server = new HookServer(_ => Interlocked.Increment(ref served) <= 5 ? Taken : new HookReply(500));
        await using (var sink = Open(Options(server.Url)))
        {
            await UntilAsync(() => sink.Status.Failures > 0, "it is in trouble");
            Assert.Equal(5, sink.Status.Position);
        }

        await using var healed = new HookServer(_ => Taken);
        await using (var sink = Open(Options(healed.Url)))
            await UntilAsync(() => sink.Status.Waiting == 0, "the rest is delivered");
        Assert.Equal(signals.Skip(5).Select(signal => signal.Signal.Id), healed.Requests.Select(request => request.Key));
    }

    [Fact]
    public async Task NewWebhook_BeginsWithSignalsToCome_UnlessToldOtherwise()
    {
        await using var server = new HookServer(_ => Taken);
        await using var sink = Open(Options(server.Url) with { FromFirst = false });
        await EngineReading.SendAsync(engine, later, 40);
        await UntilAsync(() => engine.LastSignal == all && sink.Status.Waiting == 0, "what is new is delivered");
        Assert.DoesNotContain(server.Requests, request => signals.Any(old => old.Signal.Id == request.Key));
        Assert.Equal(all - signals.Count, server.Requests.Count);
    }

    [Theory]
    [InlineData("""{"position":999999}""", "another journal")]
    [InlineData("""{"position":-1}""", "no position")]
    [InlineData("""{"posit""", "not a webhook cursor")]
    [InlineData("", "not a webhook cursor")]
    public void CursorThatCannotBe_IsRefused_WithItsFile(string content, string problem)
    {
        File.WriteAllText(folder.File("desk.cursor"), content);
        var refused = Assert.Throws<WebhookException>(() => Open(Options(new Uri("http://127.0.0.1:1/"))));
        Assert.Contains("desk.cursor", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DrainedEngine_EndsTheSinkInPeace()
    {
        await using var server = new HookServer(_ => Taken);
        await using var sink = Open(Options(server.Url));
        await UntilAsync(() => sink.Status.Waiting == 0, "the past is delivered");
        await engine.DrainAsync();
        await sink.DisposeAsync();
        Assert.Null(sink.Status.Fault);
    }

    [Theory]
    [InlineData("Desk", "http://a.example/", "not a webhook name")]
    [InlineData("../desk", "http://a.example/", "not a webhook name")]
    [InlineData("desk", "ftp://a.example/", "http://")]
    [InlineData("desk", "/hook", "http://")]
    [InlineData("desk", "https://me:pw@a.example/", "user or password")]
    [InlineData("desk", "https://a.example/secret?token=1", null)]
    public void Options_AreRefused_InWords(string name, string url, string? problem)
    {
        var options = new WebhookOptions { Name = name, Url = new Uri(url, UriKind.RelativeOrAbsolute) };
        if (problem is null) Assert.Null(options.Problem());
        else Assert.Contains(problem, options.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_IsThatOfOtherProgrammes_AndTheSecretShowsItselfToNobody()
    {
        var secret = Secret("0123456789abcdef0123\nthe rest of the file\n");
        Assert.Equal(
            // Python: hmac.new(b"0123456789abcdef0123", b'1700000000.{"a":1}', "sha256").hexdigest().
            "t=1700000000,v1=34e41bd41c08899dd901e050eca2824e8dfecfe16d4778add8a6f330817db525",
            secret.Sign(1_700_000_000, Encoding.ASCII.GetBytes("""{"a":1}""")));
        Assert.DoesNotContain(
            "0123", (Options(new Uri("http://127.0.0.1:1/")) with { Secret = secret }).ToString(), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Secret("short"));
        Assert.Throws<FormatException>(() => WebhookSecret.OfFile(folder.File("absent")));
        Assert.Contains(
            "NO_SUCH_SECRET", Assert.Throws<FormatException>(() => WebhookSecret.OfVariable("NO_SUCH_SECRET")).Message,
            StringComparison.Ordinal);
    }

    private static WebhookOptions Options(Uri url) => new()
    {
        Name = "desk", Url = url, FromFirst = true, Timeout = Limit, FirstWait = TimeSpan.FromMilliseconds(1),
        LongestWait = TimeSpan.FromMilliseconds(10),
    };

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"It did not happen: {what}");
            await Task.Delay(1);
        }
    }

    private WebhookSink Open(WebhookOptions options, TimeProvider? time = null, double chance = 0) =>
        new(options, new WebhookContext(engine, () => engine.LastSignal, folder.Path, NullLogger.Instance)
        {
            Time = time ?? TimeProvider.System, Chance = () => chance,
        });

    private WebhookSecret Secret(string content)
    {
        var path = folder.File("secret");
        File.WriteAllText(path, content);
        return WebhookSecret.OfFile(path);
    }
}
