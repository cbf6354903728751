using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Live;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Snapshots;
using Akka.Actor;
using Akka.TestKit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Cluster.Tests.Symbols;

/// <summary>Symbols under a local parent; the test takes the places of window and administrator.</summary>
public abstract class SymbolSpec : Akka.TestKit.Xunit2.TestKit
{
    private protected static readonly Symbol Apple = Symbol.Parse("AAPL");
    private protected static readonly string Id = PersistenceIds.Of(Apple);
    private protected static readonly Plan Bars = Plan.Parse("""{"frames":["1min"],"indicators":["sma(2)"]}""");

    /// <summary>Each of these ticks, one up and one down, fires a signal.</summary>
    private protected static readonly Plan Alerts = Plan.Parse(
        """{"frames":["tick"],"rules":["buy when close > 10 on tick","sell when close < 10 on tick"]}""");

    private readonly SpecNode node;
    private readonly Guid window = Guid.NewGuid();
    private readonly TestProbe administrator;
    private readonly TestProbe births;
    private readonly TestProbe region;
    private long lastNumber;

    /// <param name="hocon">Akka.NET settings with precedence over the project's.</param>
    protected SymbolSpec(string hocon = "")
        : this(new SpecNode(hocon))
    {
    }

    private SymbolSpec(SpecNode node)
        : base(node.System)
    {
        this.node = node;
        administrator = CreateTestProbe();
        births = CreateTestProbe();
        region = CreateTestProbe();
    }

    private protected SpecNode Node => node;

    private protected TestProbe Administrator => administrator;

    private protected TestProbe Births => births;

    private protected TestProbe Region => region;

    /// <summary>The recoveries of symbols since this start of the node.</summary>
    private protected RecoveryTally Recovered { get; private set; } = new();

    private protected int SnapshotEvery { get; set; } = 1_000;

    protected override void AfterAll()
    {
        base.AfterAll();
        node.Dispose();
    }

    /// <summary>A run of the node: its symbols end with it.</summary>
    private protected IActorRef Begin(Plan plan, BeforeRecord? beforeFold = null)
    {
        var host = new NodeContext(plan, node.Store, new ClusterOptions { Journal = "none", SnapshotEvery = SnapshotEvery }, new LiveHub())
        {
            Administrator = () => administrator, Region = () => region, BeforeFold = beforeFold,
        };
        Recovered = host.Recovered;
        var extractor = new SymbolExtractor(10);
        var observer = births.Ref;
        return Sys.ActorOf(Props.Create(() => new LocalParent(extractor, host, observer)));
    }

    /// <summary>Ends it like a crash.</summary>
    private protected void End(IActorRef parent)
    {
        Watch(parent);
        Sys.Stop(parent);
        ExpectTerminated(parent);
        Unwatch(parent);
    }

    private protected SymbolBatch Batch(params Record[] records) => new(records[0].Symbol, window, ++lastNumber, records);

    private protected AdvanceSymbol Clock(long second) => new(Apple, window, ++lastNumber, At(second));

    private protected BatchAck Send(IActorRef parent, INumbered message)
    {
        parent.Tell(message, TestActor);
        var done = ExpectMsg<BatchAck>();
        Assert.Equal((message.Symbol, message.Sender, message.Number), (done.Symbol, done.Sender, done.Number));
        return done;
    }

    private protected SymbolAnswer Ask(IActorRef parent, Symbol? symbol = null, SymbolParts parts = SymbolParts.None)
    {
        parent.Tell(new GetSymbol(symbol ?? Apple, parts), TestActor);
        return ExpectMsg<SymbolAnswer>();
    }

    private protected string Hash(IActorRef parent, Plan plan)
    {
        Assert.True(SnapshotCodec.TryDecode(Ask(parent, parts: SymbolParts.State).State, out var snapshot, out _));
        return StateHash.Of(SymbolState.Read(snapshot.Body, new SymbolPlan(plan.For(Apple)))).ToString();
    }

    private protected static string HashOf(Plan plan, params Record[] records)
    {
        var market = new Market(plan, NoOutput.Instance);
        foreach (var record in records) market.OnRecord(record);
        return StateHash.Of(market.Find(Apple)!).ToString();
    }

    private protected static Record Tick(long seq, long? price = null, string symbol = "AAPL") => Record.OfTick(
        Symbol.Parse(symbol), new(Source.Parse("feed"), 0, seq), At(20 * seq), (price ?? (seq % 2 == 0 ? 9 : 11)) * Fixed8.One, Fixed8.One);

    private protected static Record Unsequenced(long second, long price = 10) =>
        Record.OfTick(Apple, Domain.Records.Identity.Anonymous, At(second), price * Fixed8.One, Fixed8.One);

    private protected static Timestamp At(long second) => new((1_700_000_040 + second) * Timestamp.Second);
}
