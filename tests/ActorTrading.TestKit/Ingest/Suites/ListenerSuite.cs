using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Connections;
using Xunit;

namespace ActorTrading.TestKit.Ingest.Suites;

/// <summary>The ingest on real sockets: what clients may do to it, and what it answers.</summary>
public abstract class ListenerSuite<TListeners>(TListeners listeners) : IClassFixture<TListeners>
    where TListeners : class, IListeners
{
    private const string Hello = "{\"hello\":\"feed-1\"}\n";
    private static readonly IngestOptions Loopback = new() { Address = new IPEndPoint(IPAddress.Loopback, 0) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientWithHello_IsAcknowledged_AndToldWhatWasRefused(bool binary)
    {
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback);
        using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync(Hello);
        Assert.StartsWith("""{"hello":{"version":1,"source":"feed-1","epoch":0,"max_line":65536,""", await client.LineAsync());
        var records = Ticks.Many(100, badEvery: 40);
        await client.SendAsync(binary ? Ticks.Binary(records) : Ticks.Text(records));
        await client.LineWithAsync("""{"reject":{"seq":40,"reason":"price_not_positive","field":"price","value":"-1"}}""");
        await client.LineWithAsync("""{"reject":{"seq":80,""");
        await client.LineWithAsync("""{"ack":100,"handled":100}""");
        var open = Assert.Single(listener.Connections);
        Assert.Equal((100L, TimeSpan.Zero, 0), (open.AckedSeq, open.Lag, open.InFlight));
        Assert.InRange(open.LastAck!.Value, open.Since, DateTimeOffset.UtcNow);
        client.Socket.Shutdown(SocketShutdown.Send);
        Assert.Null(await client.LineAsync());
        await Until.True(() => listener.Totals.Open == 0, "the connection is over");
        var totals = listener.Totals;
        Assert.Equal((100L, 2L, 1L), (totals.Records, totals.Rejected, totals.Connections));
        Assert.True(totals.BytesIn > 0 && totals.BytesOut > 0 && totals.Acks > 0);
        Assert.Equal((98L, 2L), (engine.Total.Applied, engine.Total.Rejected));
    }

    [Fact]
    public async Task SimpleScript_SendsWithoutHello_AndHearsNothing()
    {
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback);
        using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync(Ticks.Text(Ticks.Many(10)));
        client.Socket.Shutdown(SocketShutdown.Send);
        Assert.Null(await client.LineAsync());
        Assert.Equal(10, engine.Durable);
        Assert.All(engine.Records, record => Assert.Same(Source.Anonymous, record.Id.Source));
    }

    [Fact]
    public async Task StalledEngine_StopsTheReading_AndHeartbeatsGoOn()
    {
        var time = new ManualTime();
        await using var engine = new ControlledEngine(commitsAtOnce: false, capacity: 2);
        await using var listener = listeners.Open(
            new IngestPipeline(engine), Loopback with { MaxBatchRecords = 100, MaxRecordsInFlight = 1_000 }, time);
        using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync(Hello);
        await client.LineWithAsync("hello");
        var bytes = Ticks.Text(Ticks.Many(200_000));
        var sending = client.SendAsync(bytes);
        await Until.True(() => engine.Waiting == 2, "the engine is full");
        time.Advance(TimeSpan.FromMinutes(2)); // neither idle nor slow: it is the engine that keeps the client waiting
        await client.LineWithAsync("heartbeat");
        Assert.Equal(TimeSpan.FromMinutes(2), Assert.Single(listener.Connections).Lag);
        time.Advance(TimeSpan.FromSeconds(5));
        await client.LineWithAsync("heartbeat");
        Assert.InRange(listener.Totals.Records, 1, 1_000 + 100);
        Assert.True(listener.Totals.BytesIn < bytes.Length);
        Assert.False(sending.IsCompleted);

        using var freed = new CancellationTokenSource();
        var committing = Task.Run(async () =>
        {
            while (!freed.IsCancellationRequested)
            {
                if (engine.Waiting > 0) engine.Commit();
                else await Task.Yield();
            }
        });
        await sending;
        await client.LineWithAsync("""{"ack":200000,"handled":200000}""");
        await freed.CancelAsync();
        await committing;
        Assert.Equal(200_000, engine.Total.Applied);
    }

    [Fact]
    public async Task LineThatNeverEnds_IsClosedInTime_AndAQuietClientLater()
    {
        var time = new ManualTime();
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback, time);
        using var slow = await LineClient.ConnectAsync(listener.Address);
        using var quiet = await LineClient.ConnectAsync(listener.Address);
        await slow.SendAsync(Hello + "{\"symbol\":");
        await quiet.SendAsync(Hello.Replace("feed-1", "feed-2", StringComparison.Ordinal));
        await slow.LineWithAsync("hello");
        await quiet.LineWithAsync("hello");
        for (var i = 0; i < 6; i++)
        {
            await slow.SendAsync(" "); // a byte now and then does not help
            await slow.IsReadAsync(listener);
            time.Advance(TimeSpan.FromSeconds(5));
        }

        await slow.LineWithAsync("""{"error":{"code":"too_slow",""");
        Assert.Null(await slow.LineAsync());
        slow.Dispose();
        await Until.True(() => listener.Totals.Open == 1, "only the quiet one is left");
        time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(30)); // an hour in all, and not a tick more
        await quiet.LineWithAsync("""{"error":{"code":"idle",""");
        Assert.Equal(0, engine.Durable);
    }

    [Fact]
    public async Task Garbage_HurtsNobodyElse()
    {
        var closed = new ConcurrentBag<ConnectionStatus>();
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback with { OnClosed = closed.Add }, null);
        using var good = await LineClient.ConnectAsync(listener.Address);
        await good.SendAsync(Hello.Replace("feed-1", "feed-2", StringComparison.Ordinal));
        var random = new Random(5);
        for (var round = 0; round < 60; round++)
        {
            using var bad = await LineClient.ConnectAsync(listener.Address);
            var bytes = new byte[random.Next(1, 3_000)];
            random.NextBytes(bytes);
            byte[] head = (round % 4) switch
            {
                0 => Encoding.ASCII.GetBytes(Hello),
                1 => Encoding.ASCII.GetBytes("ATB1"),
                2 => Encoding.ASCII.GetBytes(Hello + "ATB1"),
                _ => [],
            };
            await bad.SendAsync((byte[])[.. head, .. bytes]);
            if (round % 3 == 0) bad.Socket.LingerState = new LingerOption(true, 0); // a reset instead of an end
            else bad.Socket.Shutdown(SocketShutdown.Send);
        }

        await Until.True(() => listener.Totals is { Open: 1, Connections: 61 }, "the bad ones are gone");
        Assert.Equal(60, closed.Count);
        Assert.Contains(closed, status => status.Error?.Code == IngestError.DamagedStream);
        await good.SendAsync(Ticks.Text(Ticks.Many(5)));
        await good.LineWithAsync("""{"ack":5,"handled":5}""");
    }

    [Fact]
    public async Task AThousandIdleConnections_AreNoBurden_AndOneTooManyIsRefused()
    {
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback with { MaxConnections = 1_000 });
        var idle = new List<LineClient>();
        try
        {
            for (var i = 0; i < 1_000; i++)
            {
                idle.Add(await LineClient.ConnectAsync(listener.Address));
                await idle[i].SendAsync($"{{\"hello\":\"feed-{i}\"}}\n");
            }

            await Until.True(() => listener.Totals is { Open: 1_000, Pending: 0 }, "all are there");
            using (var late = await LineClient.ConnectAsync(listener.Address))
            {
                await late.SendAsync("{\"hello\":\"late\"}\n");
                Assert.StartsWith("""{"error":{"code":"too_many_connections",""", await late.LineAsync());
                Assert.Null(await late.LineAsync());
            }

            await idle[500].SendAsync(Ticks.Text(Ticks.Many(3)));
            await idle[500].LineWithAsync("""{"ack":3,"handled":3}""");
            idle[0].Dispose();
            await Until.True(() => listener.Totals.Open == 999, "one has gone");
            using var next = await LineClient.ConnectAsync(listener.Address);
            await next.SendAsync("{\"hello\":\"late\"}\n");
            await next.LineWithAsync("hello");
        }
        finally
        {
            foreach (var client in idle) client.Dispose();
        }
    }

    [Fact]
    public async Task EngineThatStops_IsTold_AndWhatItLostIsNotAcknowledged()
    {
        await using var engine = new ControlledEngine { Fate = () => (true, false) };
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback);
        using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync(Hello);
        await client.LineWithAsync("hello");
        await client.SendAsync(Ticks.Text(Ticks.Many(3)));
        Assert.StartsWith("""{"error":{"code":"engine_stopped",""", await client.LineAsync());
        Assert.Null(await client.LineAsync());
    }

    [Fact]
    public async Task RefusalThatTheQuarantineDoesNotHave_IsNotAcknowledged_AndOthersGoOn()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "quarantine"), "in the way"); // nothing can be written below it
        var time = new ManualTime();
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(
            engine, new IngestPipelineOptions { Folder = folder.Path, RetryAfter = TimeSpan.FromMilliseconds(5) });
        await using var listener = listeners.Open(pipeline, Loopback, time);
        using var bad = await LineClient.ConnectAsync(listener.Address);
        using var good = await LineClient.ConnectAsync(listener.Address);
        await bad.SendAsync(Hello);
        await bad.LineWithAsync("hello");
        await bad.SendAsync(Ticks.Text(Ticks.Many(100, badEvery: 40)));
        await Until.True(() => pipeline.Rejects.Quarantine!.Problem is not null, "the disk is found full");
        await good.SendAsync(Hello.Replace("feed-1", "feed-2", StringComparison.Ordinal));
        await good.SendAsync(Ticks.Text(Ticks.Many(10)));
        await good.LineWithAsync("""{"ack":10,"handled":10}""");
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.StartsWith("{\"heartbeat\"", await bad.LineAsync()); // alive, and no word of what it sent

        File.Delete(Path.Combine(folder.Path, "quarantine"));
        Assert.StartsWith("""{"reject":{"seq":40,""", await bad.LineAsync());
        await bad.LineWithAsync("""{"ack":100,"handled":100}""");
        Assert.Equal(2, pipeline.Rejects.Quarantine!.Kept);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder.Path, "quarantine")).Sum(path => File.ReadLines(path).Count()));
    }

    [Fact]
    public async Task WhatCannotBeRead_IsOnTheLedger_UnderTheAnonymousSourceWithoutAHello()
    {
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine);
        await using var listener = listeners.Open(pipeline, Loopback);
        using var simple = await LineClient.ConnectAsync(listener.Address);
        await simple.SendAsync("{nonsense\n");
        await simple.SendAsync(Ticks.Text(Ticks.Many(3)));
        await simple.SendAsync("{\"symbol\":\"AAPL\",\"ts"); // cut short by the end
        simple.Socket.Shutdown(SocketShutdown.Send);
        Assert.Null(await simple.LineAsync());
        using var named = await LineClient.ConnectAsync(listener.Address);
        await named.SendAsync(Hello + "nonsense\n");
        await named.SendAsync(Ticks.Text(Ticks.Many(2)));
        await named.LineWithAsync("""{"ack":2,"handled":3}""");

        var ledger = await pipeline.LedgerAsync();
        Assert.Equal(
            ["- 5 = 3 + 2", "feed-1 3 = 2 + 1"],
            ledger.Select(line => $"{line.Source} {line.Received} = {line.Applied} + {line.Rejected}"));
        Assert.All(ledger, line => Assert.True(line.IsBalanced));
    }

    [Fact]
    public async Task NewerConnectionOfTheSameSourceAndEpoch_TakesOver_OthersStay()
    {
        await using var engine = new ControlledEngine(commitsAtOnce: false);
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback);
        using var older = await LineClient.ConnectAsync(listener.Address);
        using var otherEpoch = await LineClient.ConnectAsync(listener.Address);
        using var otherSource = await LineClient.ConnectAsync(listener.Address);
        using var unnamed = await LineClient.ConnectAsync(listener.Address);
        await older.SendAsync(Hello);
        await older.LineWithAsync("hello");
        await older.SendAsync(Ticks.Text(Ticks.Many(3)));
        await otherEpoch.SendAsync("{\"hello\":\"feed-1\",\"epoch\":7}\n");
        await otherSource.SendAsync("{\"hello\":\"feed-2\"}\n");
        await otherEpoch.LineWithAsync("hello");
        await otherSource.LineWithAsync("hello");
        await Until.True(() => listener.Totals.Records == 3 && engine.Waiting == 1, "what the older one sent was taken");

        using var newer = await LineClient.ConnectAsync(listener.Address);
        await newer.SendAsync(Hello);
        await newer.LineWithAsync("hello");
        engine.Commit();
        await older.LineWithAsync("""{"ack":3,"handled":3}"""); // what was taken is answered for
        Assert.StartsWith("""{"error":{"code":"superseded",""", await older.LineAsync());
        Assert.Null(await older.LineAsync());
        older.Dispose();
        await Until.True(() => listener.Totals.Open == 4, "the others stay");
        await newer.SendAsync(Ticks.Text(Ticks.Many(5)));
        await Until.True(() => engine.Waiting == 1, "it came");
        engine.Commit();
        await newer.LineWithAsync("""{"ack":5,"handled":5}""");
        Assert.Equal((5L, 3L), (engine.Total.Applied, engine.Total.Duplicate));
    }

    [Fact]
    public async Task ConnectionThatCameLast_GoesOn_ThoughTheHelloOfAnEarlierOneIsReadAfterItsOwn()
    {
        await using var engine = new ControlledEngine();
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback);
        using var older = await LineClient.ConnectAsync(listener.Address);
        await Until.True(() => listener.Totals.Open == 1, "the older one came first");
        using var newer = await LineClient.ConnectAsync(listener.Address);
        await newer.SendAsync(Hello);
        await newer.LineWithAsync("hello");
        await older.SendAsync(Hello);
        await older.LineWithAsync("superseded");

        await newer.SendAsync(Ticks.Text(Ticks.Many(2)));
        await newer.LineWithAsync("""{"ack":2,"handled":2}""");
    }

    [Fact]
    public async Task Rules_KeepSourcesAndSymbolsApart_AndWhenTheyChangeTheyHoldForOpenConnections()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("access.json");
        await File.WriteAllTextAsync(
            path, """{"tokens":[{"token":"secret-0123456789abcdef","sources":["feed-*"],"symbols":["AAPL","BTC*"]}]}""");
        using var rules = AccessRules.Load(path);
        await using var engine = new ControlledEngine();
        await using var pipeline = new IngestPipeline(engine);
        await using var listener = listeners.Open(pipeline, Loopback with { Access = rules });
        using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync("{\"hello\":\"feed-1\",\"token\":\"secret-0123456789abcdef\"}\n");
        await client.SendAsync(
            Ticks.Text([Ticks.Of(1), Ticks.Of(2), Ticks.Of(3), Ticks.Of(2, Source.Parse("other")), Ticks.Of(3, Source.Parse("feed-2"))]));
        await client.LineWithAsync("""{"reject":{"seq":1,"reason":"not_allowed","field":"symbol","value":"MSFT"}}""");
        await client.LineWithAsync(
            """{"reject":{"seq":2,"source":"other","epoch":0,"reason":"bad_source","field":"source","value":"other"}}""");
        await client.LineWithAsync("""{"ack":3,"handled":5}""");
        Assert.Equal(
            ["feed-1/0/2 BTC/USD", "feed-1/0/3 AAPL", "feed-2/0/3 AAPL"], engine.Records.Select(record => $"{record.Id} {record.Symbol}"));
        var ledger = await pipeline.LedgerAsync();
        Assert.Equal(
            ["feed-1 4 = 2 + 2", "feed-2 1 = 1 + 0"],
            ledger.Select(line => $"{line.Source} {line.Received} = {line.Applied} + {line.Rejected}"));

        await File.WriteAllTextAsync(path, """{"tokens":[{"token":"secret-0123456789abcdef","sources":["feed-*"]}]}""");
        Assert.True(rules.Reload());
        await client.SendAsync(Ticks.Text([Ticks.Of(4)]));
        await client.LineWithAsync("""{"ack":4,"handled":6}""");
        Assert.Equal("MSFT", engine.Records[^1].Symbol.Name);
        await File.WriteAllTextAsync(path, """{"tokens":[]}""");
        Assert.True(rules.Reload());
        await client.SendAsync(Ticks.Text([Ticks.Of(5)]));
        await client.LineWithAsync("\"code\":\"not_allowed\"");
        Assert.Null(await client.LineAsync());
        Assert.Equal(4, engine.Durable);
    }

    [Fact]
    public async Task ServerThatIsStopped_AnswersForWhatItTook()
    {
        await using var engine = new ControlledEngine(commitsAtOnce: false);
        await using var listener = listeners.Open(new IngestPipeline(engine), Loopback);
        using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync(Hello);
        await client.SendAsync(Ticks.Text(Ticks.Many(3)));
        await Until.True(() => engine.Waiting > 0, "the engine has it"); // counted it is earlier
        var stopping = listener.StopAsync();
        while (engine.Waiting > 0) engine.Commit();
        await client.LineWithAsync("""{"ack":3,"handled":3}""");
        Assert.StartsWith("""{"error":{"code":"shutting_down",""", await client.LineAsync());
        client.Dispose();
        await stopping.WaitAsync(Until.Limit);
    }

    [Fact]
    public async Task ServerThatIsDisposed_DoesNotWaitForAStalledEngine()
    {
        await using var engine = new ControlledEngine(commitsAtOnce: false, capacity: 1);
        var listener = listeners.Open(new IngestPipeline(engine), Loopback);
        using var client = await LineClient.ConnectAsync(listener.Address);
        await client.SendAsync(Hello);
        await client.SendAsync(Ticks.Text(Ticks.Many(3)));
        await Until.True(() => engine.Waiting == 1, "the engine is stalled");
        await client.SendAsync(Ticks.Text(Ticks.Many(6)));
        await listener.DisposeAsync().AsTask().WaitAsync(Until.Limit);
    }

    [Fact]
    public async Task ListeningToOtherMachines_MustBeSaid()
    {
        await using var engine = new ControlledEngine();
        var everywhere = Loopback with { Address = new IPEndPoint(IPAddress.Any, 0) };
        Assert.Throws<ArgumentException>(() => listeners.Open(new IngestPipeline(engine), everywhere));
        await using var allowed = listeners.Open(new IngestPipeline(engine), everywhere with { AllowRemote = true });
        Assert.NotEqual(0, allowed.Address.Port);
    }
}
