using System.Buffers;
using System.Net;
using System.Runtime.Serialization;
using ActorTrading.Cluster.Messages;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Accounting;
using ActorTrading.Engine.Ingest.Connections;
using ActorTrading.Engine.Nodes;
using ActorTrading.Engine.Symbols;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire;
using Akka.Actor;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Cluster.Tests.Messages;

public sealed class TradingSerializerTests : IDisposable
{
    private static readonly Symbol Bitcoin = Symbol.Parse("BTC/USD");
    private static readonly Guid Sender = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly PlanHash Plan = Domain.Plans.Plan.Parse("""{"frames":["1min"]}""").For(Bitcoin).Hash;

    private static readonly DateTimeOffset Moment = new(2026, 11, 29, 12, 30, 15, 500, TimeSpan.Zero);

    private readonly ActorSystem system = ActorSystem.Create("bytes", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");
    private readonly TradingSerializer serializer;

    public TradingSerializerTests() => serializer = new TradingSerializer((ExtendedActorSystem)system);

    public static TheoryData<string> Names => [.. Messages.Keys];

    private static Dictionary<string, object> Messages { get; } = new()
    {
        ["batch"] = new SymbolBatch(Bitcoin, Sender, 7, Records()),
        ["clock"] = new AdvanceSymbol(Bitcoin, Sender, 8, new Timestamp(1_700_000_000_000_000_000)),
        ["done"] = new BatchAck(Bitcoin, Sender, 7,
            [RecordOutcome.Applied, RecordOutcome.Applied, RecordOutcome.Late, RecordOutcome.Duplicate,
                RecordOutcome.Refused(RejectReason.PriceSpike)]),
        ["done-clock"] = new BatchAck(Bitcoin, Sender, 8, []),
        ["symbol-asked"] = new GetSymbol(Symbol.Economy),
        ["symbol-asked-all"] = new GetSymbol(Bitcoin, SymbolParts.All, new StateVersion(300, Plan)),
        ["symbol"] = new SymbolAnswer(
            new StateVersion(300, Plan),
            new DirectoryEntry(
                new SymbolSummary(Bitcoin, -1, new Timestamp(-7), 3, 2, 4, Partition: 0), 5,
                StateHash.FromBytes([.. Enumerable.Range(1, 32).Select(number => (byte)number)])))
            {
                Unconfirmed = 1, Quarantine = "It threw: ü.",
                Gauges = new SymbolReading(Bitcoin, 100, new Timestamp(9), 8, 1,
                    [new FrameReading(Frame.OneMinute, 4, [1.5, double.NaN]), new FrameReading(Frame.OneDay, 0, [])]),
                Market = Reading(), State = [1, 2, 3, 4],
            },
        ["symbol-asleep"] = SymbolAnswer.Asleep(Bitcoin),
        ["census-asked"] = new GetDirectory("AAPL", IsHashed: true),
        ["census-first"] = new GetDirectory("", IsHashed: false),
        ["census"] = new DirectoryPage(
            [new DirectoryEntry(new SymbolSummary(Bitcoin, 100, new Timestamp(9), 8, 1, 0, Partition: 0), 300, null)], "BTC/USD"),
        ["census-none"] = new DirectoryPage([], ""),
        ["shards-asked"] = GetShards.Instance,
        ["shards"] = new NodeShards("10.0.0.1:4053",
            [new HostedShard(3, new Timestamp(7), 2, 900, 12.5, new ShardEvent(Bitcoin, 41, new Timestamp(1_700_000_000_000_000_000))),
                new HostedShard(99, new Timestamp(-7), 0, 0, 0, null)],
            [new AwaitedShard(3, 300, TimeSpan.FromMilliseconds(250))]),
        ["wake"] = new WakeSymbol(Bitcoin),
        ["fired"] = new SignalsFired(Bitcoin, Plan, 3, [[1], [2, 3]]),
        ["logged"] = new SignalsLogged(Bitcoin, Plan, 4),
        ["signals"] = new SignalsPublished(300, [[9, 9], []]),
        ["ledger-asked"] = GetLedger.Instance,
        ["ledger"] = new NodeLedger(
            [new LedgerLine(Source.Parse("feed")) { Received = 10, Applied = 4, Duplicate = 3, Late = 2, Rejected = 1 },
                new LedgerLine(Source.Anonymous)]),
        ["subscribe"] = new ChangeSubscriptions(true, [Bitcoin, Symbol.Parse("AAPL")], []),
        ["live-wanted"] = new LiveWanted(
            new LiveFilter(new HashSet<Symbol> { Bitcoin, Symbol.Economy }, new HashSet<Frame> { Frame.OneMinute }, Ticks: true)),
        ["live-wanted-all"] = new LiveWanted(new LiveFilter(Late: true, Bars: false)),
        ["live-unwanted"] = new LiveWanted(null),
        ["live"] = new LiveHappened(6,
        [
            new LiveEvent(Late: Records()[0]), new LiveEvent(Tick: Records()[1], Missed: 3),
            new LiveEvent(new BarClosed(
                Bitcoin, Frame.OneDay,
                new Domain.Bars.Bar
                {
                    OpenTime = -1, Session = 2, Open = 3, High = 5, Low = 1, Close = 4, Ticks = 6, Volume = Int128.MaxValue,
                },
                [1.5, double.NaN])),
        ]),
        ["live-taken"] = new LiveTaken(6),
        ["page-asked"] = new SignalsAfter(299),
        ["page"] = new SignalsPage(300, [[9, 9], []], 301),
        ["bar"] = new BarPublished(
            new BarClosed(
                Bitcoin, Frame.OneMinute,
                new Domain.Bars.Bar { OpenTime = 60, Session = 2, Open = 3, High = 5, Low = 1, Close = 4, Ticks = 6, Volume = 7 },
                [1.5, double.NaN]),
            ["ema(20)", "macd(12,26,9).line"]),
        ["volatility"] = new VolatilityPublished(Bitcoin, Frame.OneMinute, new Timestamp(60), "volatility(20,log)", 0.0125),
        ["reject"] = new RejectPublished(
            new Timestamp(9), "tcp", Bitcoin, new(Source.Parse("feed"), 1, 5), new Rejection(RejectReason.PriceNotPositive, "price", "-3"),
            "{\"price\":-3}"),
        ["reject-unread"] = new RejectPublished(
            new Timestamp(9), "http", null, Domain.Records.Identity.Anonymous, new Rejection(RejectReason.Malformed, "line", "ü"),
            "no json"),
        ["plan"] = new ChangePlan("{}"u8.ToArray()),
        ["exclude"] = new ChangeExclusions([1, 2, 3]),
        ["unlist"] = ClearSubscriptions.Instance,
        ["plan-first"] = new ChangePlan([1, 2, 3], IsFirst: true),
        ["planned"] = new PlanChanged(300),
        ["plan-asked"] = GetPlan.Instance,
        ["refold"] = new RefoldSymbol(Bitcoin, 2),
        ["refolded"] = new SymbolRefolded(Bitcoin),
        ["remove"] = new DeleteSymbol(Bitcoin, new Timestamp(1_720_483_200_000_000_000), "carol"),
        ["removed"] = new SymbolDeletion(Bitcoin, 300, [1, 2, 3], IsPurged: true),
        ["log-fault"] = new SignalLogFault(300, "the signal is missing: ü"),
        ["log-whole"] = new SignalLogFault(0, ""),
        ["delete"] = new DeleteEvents(Bitcoin, 300),
        ["deleted"] = new DeletionDone(Bitcoin, "locked: ü"),
        ["hold"] = HoldDeletions.Instance,
        ["held"] = DeletionsHeld.Instance,
        ["subscribed"] = new SubscriptionsChanged(12),
        ["market-asked"] = new GetMarket(long.MaxValue, 300),
        ["market"] = new MarketPage(long.MaxValue, 301, true,
        [
            Reading(),
            new MarketReading(Symbol.Economy, 1, default, null, Timestamp.MinValue, 1, 0, int.MinValue, null, null, 0, []),
        ]),
        ["market-none"] = new MarketPage(7, 0, false, []),
        ["status-asked"] = GetStatus.Instance,
        ["status"] = new NodeStatus
        {
            Node = "10.0.0.1:4053", Http = "https://10.0.0.1:5000", Ticks = "10.0.0.1:9999", Version = "0.2.0", Process = 4711,
            Status = "degraded", Problems = ["The disk is full: ü."],
            Started = new Timestamp(1_700_000_000_000_000_000), Processor = 1.5, Processors = 2, Memory = 300_000_000, Symbols = 6,
            Records = 9_400, Rate = 378.7, Waiting = 300,
            Lag = TimeSpan.FromMilliseconds(250), Connections = 3, Journal = "journal.db", JournalFault = "locked",
            Commits = new CommitTimes(100, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(74)),
        },
        ["status-none"] = new NodeStatus(),
        ["intake-asked"] = GetIntake.Instance,
        ["intake"] = new NodeIntake("10.0.0.1:4053",
            [
                new ConnectionStatus(
                    7, new IPEndPoint(IPAddress.IPv6Loopback, 4000), Source.Parse("feed"), Moment, 10, 20, 300, 1, 4, 2, null)
                {
                    Lag = TimeSpan.FromMilliseconds(5), AckedSeq = 299, LastAck = Moment.AddSeconds(1),
                },
                new ConnectionStatus(8, null, null, Moment, 0, 0, 0, 0, 0, 0, null),
            ],
            [new LedgerLine(Source.Parse("feed")) { Received = 10, Applied = 4, Duplicate = 3, Late = 2, Rejected = 1, Rounded = 1 }]),
        ["intake-none"] = new NodeIntake("10.0.0.1:4053", [], []),
        ["refusals-asked"] = new GetRejects(new RejectFilter(100, RejectReason.PriceNotPositive, Source.Parse("feed"))),
        ["refusals-asked-all"] = new GetRejects(new RejectFilter(1_000)),
        ["refusals"] = new NodeRejects("10.0.0.1:4053",
        [
            new KeptReject(12, new Reject(Moment, new Sender("tcp", "10.0.0.9:4000", Source.Parse("feed")), Bitcoin,
                new RejectedInput(
                    new(Source.Parse("other"), 1, 5), 0, new Rejection(RejectReason.PriceNotPositive, "price", "-3") { Hint = "Do: ü." },
                    "{\"price\":-3}"))),
            new KeptReject(11, new Reject(Moment, new Sender("http", "", Source.Anonymous), null,
                new RejectedInput(
                    Domain.Records.Identity.Anonymous, 3, new Rejection(RejectReason.Malformed, "line", ""), "no \u0007 json"))),
        ]),
    };

    public void Dispose() => system.Terminate().Wait();

    [Fact]
    public void EveryBoundMessage_IsAmongThese() => Assert.Equal(
        TradingSerializer.Bound.Where(type => type != typeof(JournaledBytes)).Select(type => type.Name).Order(),
        Messages.Values.Select(message => message.GetType().Name).Distinct().Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_ComesBackAsItWas(string name)
    {
        var message = Messages[name];
        var (manifest, bytes) = Bytes(message);
        Assert.StartsWith("m:", manifest, StringComparison.Ordinal);
        Assert.Equal(Text(message), Text(serializer.FromBinary(bytes, manifest)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_HasTheBytesThatItAlwaysHad(string name)
    {
        var golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Messages", "messages-1.golden"))
            .Select(line => line.Split(' ')).ToDictionary(parts => parts[0]);
        var (manifest, bytes) = Bytes(Messages[name]);
        Assert.Equal(string.Join(" ", golden[name]), $"{name} {manifest} {Convert.ToHexStringLower(bytes)}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DamagedMessage_IsRefused_WhereverItIsCutOrChanged(string name)
    {
        var (manifest, bytes) = Bytes(Messages[name]);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<SerializationException>(() => serializer.FromBinary(bytes[..length], manifest));
        for (var at = 0; at < bytes.Length; at++)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 0x10;
            Assert.Throws<SerializationException>(() => serializer.FromBinary(damaged, manifest));
        }

        Assert.Throws<SerializationException>(() => serializer.FromBinary([.. bytes, 0], manifest));
        Assert.Throws<SerializationException>(() => serializer.FromBinary(bytes, "m:batch9"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MessageOfALaterRelease_UnderANameThatIsKnown_IsRefused_AndSaysWhy(string name)
    {
        var (manifest, bytes) = Bytes(Messages[name]);
        var newer = Assert.Throws<SerializationException>(() => serializer.FromBinary(FutureBytes.OfVersion2(manifest, bytes), manifest));
        Assert.Contains("the version is not known", newer.Message, StringComparison.Ordinal);
        var longer = Assert.Throws<SerializationException>(() => serializer.FromBinary(FutureBytes.WithAField(manifest, bytes), manifest));
        Assert.Contains("bytes follow after the end", longer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ta1")]
    [InlineData("ss1")]
    [InlineData("xx7")]
    public void WhatTheJournalKeeps_IsHandedThrough(string manifest)
    {
        byte[] row = [5, 4, 3];
        var journaled = (JournaledBytes)serializer.FromBinary(row, manifest);
        Assert.Equal((manifest, row), (serializer.Manifest(journaled), serializer.ToBinary(journaled)));
        Assert.Equal(7421, serializer.Identifier);
    }

    [Fact]
    public void StrangerIsNoMessage() => Assert.Throws<ArgumentException>(() => serializer.ToBinary("hello"));

    [Fact]
    public void EveryKindOfRecord_Travels()
    {
        foreach (var group in HostileMarkets.Records(seed: 4, count: 2_000, step: Timestamp.Second).GroupBy(record => record.Symbol))
        {
            var plan = new Domain.Folding.SymbolPlan(TestPlans.All["every frame"].For(group.Key));
            Record[] sound = [.. group.Where(record => Domain.Folding.Fold.Check(plan, record) == RejectReason.None)];
            var (manifest, bytes) = Bytes(new SymbolBatch(group.Key, Sender, 1, sound));
            var back = (SymbolBatch)serializer.FromBinary(bytes, manifest);
            Assert.Equal(
                sound.Select(record => RecordText.Describe(record)), back.Records.ToArray().Select(record => RecordText.Describe(record)));
        }
    }

    private static MarketReading Reading() => new(
        Bitcoin, 5, new Units(2, 0), 6_100_012, new Timestamp(1_700_000_000_000_000_000), 900, 3, 19_675, 6_000_000, Int128.MaxValue, 40,
        [6_100_000, 6_099_950, 6_100_012]);

    private static Record[] Records() =>
    [
        Record.OfTick(
            Bitcoin, new(Source.Parse("feed"), 1, 5), new Timestamp(1_700_000_000_000_000_000), 43_210 * Fixed8.One, Fixed8.One / 2),
        Record.OfTick(Bitcoin, new(Source.Parse("feed"), 1, 6), new Timestamp(1_700_000_001_000_000_000), 43_211 * Fixed8.One, Fixed8.One),
    ];

    private static string Text(object message) => message switch
    {
        SymbolBatch batch => $"{batch.Symbol} {batch.Sender} {batch.Number} "
            + $"{string.Join(";", batch.Records.ToArray().Select(record => RecordText.Describe(record)))}",
        BatchAck done => $"{done.Symbol} {done.Sender} {done.Number} {Convert.ToHexString(done.Outcomes)}",
        SymbolAnswer answer =>
            $"{answer.Version} {answer.Entry} {answer.Unconfirmed} {answer.Quarantine} {Convert.ToHexString(answer.State)} "
            + $"{(answer.Gauges is { } gauges ? Text(gauges) : "")} {(answer.Market is { } market ? Text(market) : "")}",
        SymbolReading reading =>
            $"{reading.Symbol} {reading.LastPrice} {reading.LastTime} {reading.Applied} {reading.Late} "
                + string.Join(";", reading.Frames.Select(frame => $"{frame.Frame} {frame.Bars} {string.Join(",", frame.Values)}")),
        SignalsFired fired => $"{fired.Symbol} {fired.Plan} {fired.First} {Hex(fired.Signals)}",
        SignalsPublished published => $"{published.First} {Hex(published.Signals)}",
        SignalsPage page => $"{page.First} {Hex(page.Signals)} {page.Last}",
        BarPublished bar => $"{Seen.Closed(bar.Closed.Symbol, bar.Closed.Frame, bar.Closed.Bar, bar.Closed.Values)} "
            + $"{bar.Closed.Bar.Session} {string.Join(",", bar.Columns)}",
        NodeLedger ledger => string.Join(
            ";", ledger.Lines.Select(line => $"{line.Source} {line.Received} {line.Applied} {line.Duplicate} {line.Late} {line.Rejected}")),
        ChangeSubscriptions change => $"{change.Adds} {string.Join(",", change.Symbols)} {string.Join(",", change.Known)}",
        DirectoryPage page => $"{string.Join(";", page.Entries)} {page.Last}",
        MarketPage page => $"{page.Collector} {page.Last} {page.IsCut} " + string.Join(";", page.Readings.Select(Text)),
        MarketReading reading => $"{reading with { Closes = [] }} {string.Join(",", reading.Closes)}",
        NodeShards shards => $"{shards.Node} {string.Join(";", shards.Hosted)} {string.Join(";", shards.Awaited)}",
        NodeStatus status => $"{status with { Problems = [] }} {string.Join(";", status.Problems)}",
        NodeIntake intake => $"{intake.Node} {string.Join(";", intake.Connections)} "
            + string.Join(";", intake.Ledger.Select(
                line => $"{line.Source} {line.Received} {line.Applied} {line.Duplicate} {line.Late} {line.Rejected} {line.Rounded}")),
        NodeRejects refusals =>
            $"{refusals.Node} {string.Join(";", refusals.Rejects.Select(one => $"{one} {one.Reject.Input.Rejection.Hint}"))}",
        LiveWanted { Filter: { } filter } =>
            $"{filter.Bars} {filter.Late} {filter.Ticks} {Join(filter.Symbols?.Order())} {Join(filter.Frames?.Order())}",
        LiveHappened happened => $"{happened.Number} " + string.Join(";", happened.Events.Select(Text)),
        LiveEvent { Bar: { } bar } =>
            $"{bar.Symbol} {bar.Frame} {Seen.Closed(bar.Symbol, bar.Frame, bar.Bar, bar.Values)} {bar.Bar.Session}",
        LiveEvent one => $"{one.Missed} {one.Late is null} {RecordText.Describe((one.Late ?? one.Tick)!.Value)}",
        _ => message.ToString()!,
    };

    private static string Join<T>(IEnumerable<T>? all) => all is null ? "all" : string.Join(",", all);

    private static string Hex(IEnumerable<byte[]> all) => string.Join(",", all.Select(Convert.ToHexString));

    private (string Manifest, byte[] Bytes) Bytes(object message) => (serializer.Manifest(message), serializer.ToBinary(message));
}
