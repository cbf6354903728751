using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Signals;
using ActorTrading.Cluster.Tests.Symbols;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Signals;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.TestKit;

namespace ActorTrading.Cluster.Tests.Signals;

public class AdministratorActorTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly Plan Plan = TestPlans.All["every frame"];

    private static readonly ILookup<Symbol, Signal> Fired = EngineReading.MarketOf(
        Plan, HostileMarkets.Stream(seed: 12, count: 1_200, step: 5 * Timestamp.Second))
        .Log.Signals.ToLookup(signal => signal.Symbol);

    private readonly SpecNode node;
    private readonly TestProbe topics;

    public AdministratorActorTests()
        : this(new SpecNode())
    {
    }

    private AdministratorActorTests(SpecNode node)
        : base(node.System)
    {
        this.node = node;
        topics = CreateTestProbe();
    }

    private static Symbol Busy { get; } = Fired.MaxBy(signals => signals.Count())!.Key;

    protected override void AfterAll()
    {
        base.AfterAll();
        node.Dispose();
    }

    [Fact]
    public void Signals_AreConfirmedAndPublished_WhenTheyAreDurable_InTheOrderOfTheLog()
    {
        var administrator = Begin();
        using (node.HoldWrites())
        {
            administrator.Tell(Of(Busy, 1, 3), TestActor);
            administrator.Tell(Of(Busy, 1, 3), TestActor); // again, before the first was answered
        }

        Assert.Equal(3, ExpectMsg<SignalsLogged>().Last);
        Assert.Equal(3, node.Store.HighestSequenceNumber("administrator"));
        Assert.Equal(3, ExpectMsg<SignalsLogged>().Last);
        var published = topics.ExpectMsg<Publish>();
        Assert.Equal(
            ("signals", 1L, 3),
            (published.Topic, ((SignalsPublished)published.Message).First, ((SignalsPublished)published.Message).Signals.Count));
        Assert.Equal($"signals.{Busy}", topics.ExpectMsg<Publish>().Topic);
        Assert.False(topics.HasMessages);
    }

    [Fact]
    public void SignalsToldAgain_AreLoggedOnce_AlsoAfterACrash_AndWhatIsNewAmongThemIsAdded()
    {
        var administrator = Begin();
        Tell(administrator, Of(Busy, 1, 4));
        Tell(administrator, Of(Busy, 3, 6));
        AwaitCondition(() => node.Snapshot("administrator") == 4, EngineReading.Timeout, SpecNode.Poll);
        administrator = Restart(administrator); // from the snapshot on
        Tell(administrator, Of(Busy, 1, 7));
        administrator.Tell(Of(Busy, 2, 5), TestActor);
        Assert.Equal(7, ExpectMsg<SignalsLogged>().Last); // it hears of all that it has told before
        var logged = new List<Signal>();
        SignalLog.Scan(node.Store, 1, long.MaxValue, (_, plan, signal) =>
        {
            Assert.Equal(Plan.For(Busy).Hash, plan);
            logged.Add(signal);
        });
        Assert.Equal(Fired[Busy].Take(7).Select(Seen.Signal), logged.Select(Seen.Signal));
        var snapshot = SignalLogSnapshot.ReadNewest(node.Store, [])!;
        Assert.Equal((4, 4), (snapshot.Position, snapshot.LastNumbers[(Busy, Plan.For(Busy).Hash)]));
    }

    [Fact]
    public void SignalsOfSeveralSymbolsAndPlans_AreCountedApart()
    {
        var administrator = Begin();
        var other = Fired.First(signals => !signals.Key.Equals(Busy)).Key;
        Tell(administrator, Of(Busy, 1, 2));
        Tell(administrator, Of(other, 1, 1));
        Tell(administrator, Of(Busy, 1, 2) with { Plan = Plan.Default.For(Busy).Hash });
        Assert.Equal(5, node.Store.HighestSequenceNumber("administrator"));
        Tell(administrator, Of(other, 1, 1));
        Assert.Equal(5, node.Store.HighestSequenceNumber("administrator"));
    }

    [Fact]
    public void StoppedAdministrator_MakesDurableWhatIsUnderWay_AndAnswersIt_AndTakesNothingMore()
    {
        var administrator = Begin();
        Tell(administrator, Of(Busy, 1, 1));
        Watch(administrator);
        using (node.HoldWrites())
        {
            administrator.Tell(Of(Busy, 2, 3), TestActor);
            administrator.Tell(StopSingleton.Instance, TestActor);
            administrator.Tell(Of(Busy, 4, 5), TestActor);
            administrator.Tell(new Identify(1), TestActor);
            ExpectMsg<ActorIdentity>(); // it has all of them, and goes on
        }

        Assert.Equal(3, ExpectMsg<SignalsLogged>().Last);
        ExpectTerminated(administrator);
        Assert.False(HasMessages);
        Assert.Equal(3, node.Store.HighestSequenceNumber("administrator"));
    }

    [Fact]
    public void DamagedSnapshotOfTheLog_IsPassedOver_AndTheWholeLogIsReplayed()
    {
        var administrator = Begin();
        Tell(administrator, Of(Busy, 1, 4));
        AwaitCondition(() => node.Snapshot("administrator") == 4, EngineReading.Timeout, SpecNode.Poll);
        Tell(administrator, Of(Busy, 5, 6));
        Stop(administrator);
        node.DamageSnapshot("administrator", 4);
        administrator = Begin();
        Tell(administrator, Of(Busy, 1, 7));
        Assert.Equal(7, node.Store.HighestSequenceNumber("administrator"));
    }

    [Theory]
    [InlineData(RowDamage.Missing, 2)]
    [InlineData(RowDamage.Damaged, 2)]
    [InlineData(RowDamage.FromTheFuture, 2)]
    [InlineData(RowDamage.FromTheFuture, 3)]
    public void LogThatIsDamaged_GetsNothingMore_SaysSoOnce_AndGoesOnWhenItIsRepaired(RowDamage how, long at)
    {
        var administrator = Begin();
        Tell(administrator, Of(Busy, 1, 3));
        Stop(administrator);
        topics.ReceiveN(2);
        var row = new DamagedRow(node.Store.Location, "administrator", at, how);
        var errors = CreateTestProbe();
        Sys.EventStream.Subscribe(errors.Ref, typeof(Akka.Event.Error));

        administrator = Begin();
        administrator.Tell(Of(Busy, 1, 5), TestActor);
        for (var told = 0; told < 3; told++) Assert.Equal(at, Fault().Position);
        Assert.False(HasMessages);
        Assert.Equal(3, node.Store.HighestSequenceNumber("administrator"));
        Assert.Contains($"Event {at} of 'administrator': ", errors.ExpectMsg<Akka.Event.Error>().ToString(), StringComparison.Ordinal);
        Assert.False(errors.HasMessages);

        Watch(administrator);
        row.Repair();
        ExpectTerminated(administrator); // to be started again
        var last = Fault();
        while (last.Fault.Length > 0) last = Fault();
        administrator = Begin();
        Tell(administrator, Of(Busy, 1, 5));
        Assert.Equal(5, node.Store.HighestSequenceNumber("administrator"));

        SignalLogFault Fault()
        {
            var published = topics.ExpectMsg<Publish>();
            Assert.Equal("signal-log", published.Topic);
            return (SignalLogFault)published.Message;
        }
    }

    [Fact]
    public void LogThatHasLostWhatItsSnapshotCovers_IsDamaged()
    {
        var administrator = Begin();
        Tell(administrator, Of(Busy, 1, 4));
        AwaitCondition(() => node.Snapshot("administrator") == 4, EngineReading.Timeout, SpecNode.Poll);
        Stop(administrator);
        topics.ReceiveN(2);
        _ = new DamagedRow(node.Store.Location, "administrator", 4, RowDamage.Missing);
        administrator = Begin(); // to number a signal 4 once more would hide it
        administrator.Tell(Of(Busy, 1, 6), TestActor);
        Assert.Equal(
            new SignalLogFault(4, "it and all up to 4, which a snapshot covers, are missing"), topics.ExpectMsg<Publish>().Message);
        topics.ExpectMsg<Publish>();
        Assert.False(HasMessages);
    }

    private static SignalsFired Of(Symbol symbol, int first, int last) => new(symbol, Plan.For(symbol).Hash, first,
        [.. Fired[symbol].Skip(first - 1).Take(last - first + 1).Select(signal =>
        {
            var bytes = new ArrayBufferWriter<byte>();
            SignalCodec.Encode(Plan.For(symbol).Hash, signal, bytes);
            return bytes.WrittenSpan.ToArray();
        })]);

    private IActorRef Begin()
    {
        IActorRef mediator = topics.Ref;
        return Sys.ActorOf(AdministratorActor.For(new JournalReads(node.Store), 4, () => mediator));
    }

    private IActorRef Restart(IActorRef administrator)
    {
        Stop(administrator);
        return Begin();
    }

    private void Stop(IActorRef administrator)
    {
        Watch(administrator);
        Sys.Stop(administrator);
        ExpectTerminated(administrator);
    }

    private void Tell(IActorRef administrator, SignalsFired fired)
    {
        administrator.Tell(fired, TestActor);
        var logged = ExpectMsg<SignalsLogged>();
        Assert.Equal((fired.Symbol, fired.Plan, fired.First + fired.Signals.Count - 1), (logged.Symbol, logged.Plan, logged.Last));
    }
}
