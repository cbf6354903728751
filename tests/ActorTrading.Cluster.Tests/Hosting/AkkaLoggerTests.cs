using System.Collections.Concurrent;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Domain.Plans;
using ActorTrading.TestKit;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace ActorTrading.Cluster.Tests.Hosting;

/// <summary>The target of Akka.NET's log: the logger factory of the node, or none; never the console.</summary>
public sealed class AkkaLoggerTests : IAsyncLifetime, ILoggerFactory, ILogger
{
    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Message, Exception? Cause)> events = new();
    private ClusterEngine? node;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (node is not null) await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task NodeWithoutALoggerFactory_LogsNowhere()
    {
        node = await ClusterEngine.StartAsync(Plan.Default, Nodes.Options(folder.Path));
        Assert.Empty(node.System.Settings.Loggers);
        AssertSilent(node.System.Settings.StdoutLogger);
    }

    [Fact]
    public async Task WarningsAndErrors_ReachTheLoggerFactory_AsNumberedEvents_WithoutStamps()
    {
        node = await ClusterEngine.StartAsync(Plan.Default, Nodes.Options(folder.Path) with { Loggers = this });
        AssertSilent(node.System.Settings.StdoutLogger);
        var bus = node.System.EventStream;
        var cause = new InvalidOperationException("cause");
        bus.Publish(new Warning("here", typeof(AkkaLoggerTests), "a warning"));
        bus.Publish(new Error(cause, "here", typeof(AkkaLoggerTests), "an error"));
        bus.Publish(new Warning("akka://trading/system/endpointManager/x", typeof(AkkaLoggerTests), "a connection"));
        bus.Publish(new Info("here", typeof(AkkaLoggerTests), "below the level"));
        bus.Publish(new Error(null, "here", typeof(AkkaLoggerTests), "the last"));
        using var patience = new CancellationTokenSource(TestKit.Engines.EngineReading.Timeout);
        while (!events.Any(one => one.Message == "the last [here]")) await Task.Delay(10, patience.Token);

        var said = events.Where(one => one.Message.Contains("here", StringComparison.Ordinal)
            || one.Message.StartsWith("a connection", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(
            [
                (601, LogLevel.Warning, "a warning [here]", null),
                (602, LogLevel.Error, "an error [here]", cause),
                (600, LogLevel.Debug, "a connection [akka://trading/system/endpointManager/x]", null),
                (602, LogLevel.Error, "the last [here]", (Exception?)null),
            ],
            said);
    }

    /// <summary>Akka.NET's message at the stop of a system whose loggers are busy.</summary>
    private static void AssertSilent(MinimalLogger last)
    {
        var console = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            last.Tell(new Error(null, "here", typeof(AkkaLoggerTests), "the very last"), Akka.Actor.ActorRefs.NoSender);
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.DoesNotContain("the very last", written.ToString(), StringComparison.Ordinal);
    }

    ILogger ILoggerFactory.CreateLogger(string categoryName) =>
        categoryName == AkkaLog.Category ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    void ILoggerFactory.AddProvider(ILoggerProvider provider)
    {
    }

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        events.Enqueue((eventId.Id, logLevel, formatter(state, exception), exception));
}
