using System.Globalization;
using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Exchanges.Sessions;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Records;
using ActorTrading.TestKit.Ingest;
using Akka.Actor;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>An engine that is slower than the exchange, or fails, loses no trade.</summary>
public sealed class SlowEngineTests
{
    private const int Trades = 4_000;

    [Fact]
    public async Task MessagesThatThereIsNoRoomFor_AreDropped_Told_AndAskedFor()
    {
        var session = Flood();
        await using var server = await ReplayServer.StartAsync(session);
        var target = new GatedTarget();
        var log = new ExchangeRun.MemoryLogger();
        using var system = ActorSystem.Create("test", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        await using var connector = new ExchangeSession(
            session.Options with { Url = server.Url, RestUrl = server.Http, Buffer = 16 }, target, system, TimeProvider.System, log);
        connector.Start();
        await Until.True(() => target.IsWaiting && connector.Counts["dropped"] > 0, "the engine holds it up");
        target.Open();
        await Until.True(() => target.Numbers.Count >= Trades, "all trades came");
        Assert.Equal(Enumerable.Range(1, Trades).Select(number => (long)number), target.Numbers);
        Assert.True(connector.Counts["dropped"] > 0);
        Assert.Equal((connector.Counts["missing"], 0), (connector.Counts["filled"], connector.Counts["lost"]));
        Assert.True(log.Has("messages were dropped"), log.All);
    }

    [Fact]
    public async Task EngineThatFails_IsHandedWhatWasNotDurable_OnceMore()
    {
        var session = RecordedSession.Read("binance-trades").With((steps, trades) =>
        [
            [.. steps[..trades[9]], new Step(StepKind.Settle, "9"), .. steps[trades[9]..trades[12]]],
            [.. steps[..trades[0]], .. steps[trades[12]..]],
        ]);
        await using var server = await ReplayServer.StartAsync(session);
        var target = new GatedTarget { FailAt = 9 };
        target.Open();
        using var system = ActorSystem.Create("test", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        await using var connector = new ExchangeSession(
            session.Options with { Url = server.Url, RestUrl = server.Http }, target, system, TimeProvider.System,
            new ExchangeRun.MemoryLogger());
        server.Handled = () => connector.Status.Messages;
        connector.Start();
        await Until.True(() => target.BySymbol("BTCUSDT").Count == 16 && target.BySymbol("ETHUSDT").Count == 8, "all trades came");
        Assert.Equal(Enumerable.Range(100, 16).Select(number => (long)number), target.BySymbol("BTCUSDT"));
        Assert.Equal(Enumerable.Range(5000, 8).Select(number => (long)number), target.BySymbol("ETHUSDT"));
        Assert.Contains("out of order", connector.Status.LastError);
    }

    /// <summary>Thousands of trades at once; the last one is repeated until it is received.</summary>
    private static RecordedSession Flood()
    {
        var recorded = RecordedSession.Read("binance-trades");
        List<Step> steps = [.. Enumerable.Range(1, Trades - 1).Select(Trade), Trade(Trades) with { Kind = StepKind.Repeat }];
        return recorded with
        {
            Options = recorded.Options with { Symbols = ["BTCUSDT"] },
            Connections = [steps],
            Rows = Enumerable.Range(1, Trades).ToLookup(
                _ => "BTCUSDT",
                number => $"{{\"id\":{number},\"price\":\"1.00\",\"qty\":\"1\",\"quoteQty\":\"1\",\"time\":{1769990400000 + number},"
                    + "\"isBuyerMaker\":true,\"isBestMatch\":true}"),
        };

        static Step Trade(int number) => new(StepKind.Send, string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"stream\":\"btcusdt@trade\",\"data\":{{\"e\":\"trade\",\"E\":1,\"s\":\"BTCUSDT\",\"t\":{number},")
            + FormattableString.Invariant($"\"p\":\"1.00\",\"q\":\"1\",\"T\":{1769990400000 + number},\"m\":true}}}}"));
    }

    /// <summary>Accepts records when it is open, and fails once on request.</summary>
    private sealed class GatedTarget : IExchangeTarget
    {
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<(string Symbol, long Number)> taken = [];

        public bool IsWaiting { get; private set; }

        /// <summary>Fails once, after a number of accepted records.</summary>
        public int FailAt { get; set; } = int.MaxValue;

        public List<long> Numbers
        {
            get
            {
                lock (taken) return [.. taken.Select(one => one.Number)];
            }
        }

        public List<long> BySymbol(string symbol)
        {
            lock (taken) return [.. taken.Where(one => one.Symbol == symbol).Select(one => one.Number)];
        }

        public void Open() => open.SetResult();

        public async ValueTask<Engine.Admitted<IReadOnlyList<string>>> SubmitAsync(
            IReadOnlyList<InboundMessage> messages, CancellationToken cancellation)
        {
            IsWaiting = true;
            await open.Task.WaitAsync(cancellation);
            lock (taken)
            {
                if (taken.Count >= FailAt)
                {
                    FailAt = int.MaxValue;
                    throw new Engine.EngineStoppedException("out of order");
                }

                foreach (var message in messages)
                {
                    var isEther = message.Value.Span.IndexOf("ETHUSDT"u8) >= 0;
                    taken.Add((isEther ? "ETHUSDT" : "BTCUSDT", message.Seq));
                }
            }

            return new(Task.FromResult<IReadOnlyList<string>>([]));
        }

        public ValueTask<IReadOnlyList<Identity>> NewestAsync(string symbol, CancellationToken cancellation) => new([]);

        public ValueTask UseAsync(IReadOnlyList<InstrumentDecimals> instruments, CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
