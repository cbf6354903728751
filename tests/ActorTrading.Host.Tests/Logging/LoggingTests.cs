using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorTrading.Host.Logging;
using ActorTrading.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTrading.Host.Tests.Logging;

public class LoggingTests
{
    private readonly Lines lines = new();

    [Fact]
    public void Json_IsOneLinePerEvent_WithEveryValueUnderItsName()
    {
        var logger = new Written(LogFormat.Json);
        logger.UnusedSnapshot("symbol-\"A\"\nB", 1_000, "it is of <another> plan");
        logger.Recovered(3, TimeSpan.FromSeconds(1.5), 2, 10, 20, 0);
        var (first, second) = (JsonDocument.Parse(logger.Lines[0]).RootElement, JsonDocument.Parse(logger.Lines[1]).RootElement);
        Assert.Equal(
            ("warning", 102, "unused_snapshot"),
            (first.GetProperty("level").GetString(), first.GetProperty("event_id").GetInt32(), first.GetProperty("event").GetString()));
        Assert.Equal("symbol-\"A\"\nB", first.GetProperty("values").GetProperty("persistence_id").GetString());
        Assert.Equal(1_000, first.GetProperty("values").GetProperty("sequence_number").GetInt64());
        Assert.False(first.GetProperty("values").TryGetProperty("{OriginalFormat}", out _));
        Assert.Equal(1.5, second.GetProperty("values").GetProperty("elapsed").GetDouble());
        Assert.Equal(2, logger.Lines.Count);
    }

    [Fact]
    public void Text_CannotBeForged_ByWhatClientsSend()
    {
        var logger = new Written(LogFormat.Text);
        logger.Notice("bad\r\n12:00:00.000 error: all is lost\u001b[2J");
        var line = Assert.Single(logger.Lines);
        Assert.EndsWith(@" warning: bad\u000d\u000a12:00:00.000 error: all is lost\u001b[2J", line, StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyOfAKind_AreCounted_AndToldWithTheNext()
    {
        var time = new Clock();
        var logger = new LimitedLogger(lines, perSecond: 3, time);
        for (var i = 0; i < 10; i++) logger.Notice($"{i}");
        logger.Draining(); // another kind
        Assert.Equal(["0", "1", "2", "Draining: no more records are accepted"], lines.All);
        Assert.Equal(7, logger.Suppressed);
        time.Now += TimeSpan.TicksPerSecond;
        logger.Notice("later");
        Assert.Equal(["7 events Notice were not logged: too many in one second", "later"], lines.All.Skip(4));
    }

    [Fact]
    public async Task ConnectionThatIsClosed_IsLoggedWithItsReason_AndTheStartWithoutSecrets()
    {
        var folder = new TemporaryFolder();
        await using (var node = await Host.Nodes.Node.StartAsync(RunningNode.Options(folder.Path), new NodeLoggers(lines)))
        {
            using (var client = new System.Net.Sockets.TcpClient())
            {
                await client.ConnectAsync(node.Ingest.Address);
                await client.GetStream().WriteAsync("{\"hello\":{\"token\":\"hush\"}}\n"u8.ToArray());
                using var reader = new StreamReader(client.GetStream());
                while (await reader.ReadLineAsync() is not null) { }
            }

            while (!lines.All.Any(line => line.Contains("was closed: bad_hello", StringComparison.Ordinal))) await Task.Delay(1);
            await node.StopAsync();
        }

        folder.Dispose();
        Assert.StartsWith("Starting ", lines.All[0], StringComparison.Ordinal);
        Assert.StartsWith("Recovered 0 symbols", lines.All[1], StringComparison.Ordinal);
        Assert.Equal("Stopped", lines.All[^1]);
        Assert.DoesNotContain(lines.All, line => line.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryEvent_IsInTheDocumentation_AndNoNumberIsTakenTwice()
    {
        var document = File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs/logs.md"));
        var events = new[] { typeof(NodeLog), typeof(Host.Webhooks.WebhookLog), typeof(Cluster.Hosting.AkkaLog) }
            .SelectMany(type => type.GetMethods())
            .Select(method => (method.Name, method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(one => one.EventId is not null).ToList();
        Assert.Equal(events.Count, events.Select(one => one.EventId).Distinct().Count());
        foreach (var (name, number) in events)
            Assert.Matches(
                $@"(?m)^\|[^|]*\b{number}\b[^|]*\|[^|]*`{Regex.Escape(JsonNamingPolicy.SnakeCaseLower.ConvertName(name))}`", document);
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; } = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }

    /// <summary>Records the message of each event.</summary>
    private sealed class Lines : ILogger
    {
        private readonly Lock sync = new();
        private readonly List<string> all = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (sync) return [.. all];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (sync) all.Add(formatter(state, exception));
        }
    }

    /// <summary>Records the formatter's output for each event.</summary>
    private sealed class Written(LogFormat format) : ILogger
    {
        private readonly StringWriter text = new();
        private readonly LineFormatter formatter = new(format, TimeProvider.System);

        public List<string> Lines => [.. text.ToString().Split('\n').SkipLast(1)];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> words) =>
            formatter.Write(new LogEntry<TState>(logLevel, "", eventId, state, exception, words), null, text);
    }
}
