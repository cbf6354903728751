using System.Buffers;
using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Symbols;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Events;
using Akka.Actor;
using Akka.Persistence;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Cluster.Tests.Symbols;

public class SymbolActorTests : SymbolSpec
{
    [Fact]
    public void Batch_IsAnsweredAndFolded_OnlyWhenItIsDurable()
    {
        var parent = Begin(Bars);
        var batch = Batch(Tick(1), Tick(2));
        Ask(parent); // active, and has read the journal
        using (Node.HoldWrites())
        {
            parent.Tell(batch, TestActor);
            Assert.Equal(0, Ask(parent).Version.Event); // arrives before the answer
        }

        var done = ExpectMsg<BatchAck>();
        Assert.Equal([RecordOutcome.Applied, RecordOutcome.Applied], done.Outcomes);
        Assert.Equal(1, Node.Store.HighestSequenceNumber(Id));
        Assert.Equal((1L, 2L), (Ask(parent).Version.Event, Ask(parent).Entry.Summary.Applied));
    }

    [Fact]
    public void Duplicate_IsAnswered_BehindWhatItIsACopyOf()
    {
        var parent = Begin(Bars);
        var (first, copy) = (Batch(Tick(1)), Batch(Tick(1)) with { Sender = Guid.NewGuid() });
        Ask(parent);
        using (Node.HoldWrites())
        {
            parent.Tell(first, TestActor);
            parent.Tell(copy, TestActor);
            Ask(parent);
        }

        Assert.Equal(first.Sender, ExpectMsg<BatchAck>().Sender);
        var done = ExpectMsg<BatchAck>();
        Assert.Equal(copy.Sender, done.Sender);
        Assert.Equal([RecordOutcome.Duplicate], done.Outcomes);
        Assert.Equal(1, Node.Store.HighestSequenceNumber(Id));
    }

    [Fact]
    public void CopiesOfWhatIsUnderWay_OpenNoCircuitBreakerOfTheJournal()
    {
        string[] names = [.. Enumerable.Range(0, 20).Select(number => $"S{number}")]; // more failures than the circuit breaker allows
        var parent = Begin(Bars);
        foreach (var name in names) Ask(parent, Symbol.Parse(name));
        using (Node.HoldWrites())
        {
            foreach (var name in names)
            {
                var batch = Batch(Tick(1, symbol: name));
                parent.Tell(batch, TestActor);
                parent.Tell(batch with { Sender = Guid.NewGuid() }, TestActor);
                Ask(parent, Symbol.Parse(name));
            }
        }

        foreach (var _ in names)
        {
            ExpectMsg<BatchAck>();
            ExpectMsg<BatchAck>();
        }

        foreach (var name in names) parent.Tell(Batch(Tick(2, symbol: name)), TestActor);
        foreach (var _ in names) Assert.Equal([RecordOutcome.Applied], ExpectMsg<BatchAck>().Outcomes);
    }

    [Fact]
    public void BatchSentAgain_IsAnsweredAgain_AndDoneOnce()
    {
        var parent = Begin(Bars);
        var batch = Batch(Unsequenced(1), Unsequenced(2), Tick(1, price: -1));
        var done = Send(parent, batch);
        Assert.Equal([RecordOutcome.Applied, RecordOutcome.Applied, RecordOutcome.Refused(RejectReason.PriceNotPositive)], done.Outcomes);
        Assert.Equal(done, Send(parent, batch));
        Assert.Equal(2, Ask(parent).Entry.Summary.Applied);

        var next = Send(parent, Batch(Unsequenced(3)));
        parent.Tell(batch, TestActor); // a late copy: its sender has continued, and does not wait for it
        Assert.Equal(3, Ask(parent).Entry.Summary.Applied);
        Assert.NotEqual(done.Number, next.Number);
    }

    [Fact]
    public void BatchSentAgain_AfterACrash_IsOfDuplicates()
    {
        var parent = Begin(Bars);
        var batch = Batch(Tick(1), Tick(2));
        Send(parent, batch);
        End(parent);
        parent = Begin(Bars);
        Assert.Equal([RecordOutcome.Duplicate, RecordOutcome.Duplicate], Send(parent, batch).Outcomes);
        Assert.Equal(HashOf(Bars, Tick(1), Tick(2)), Hash(parent, Bars));
    }

    [Fact]
    public void SymbolOfWhichNothingWasAccepted_HasNoEvents()
    {
        var parent = Begin(Bars);
        Assert.Equal([RecordOutcome.Refused(RejectReason.PriceNotPositive)], Send(parent, Batch(Tick(1, price: -1))).Outcomes);
        Assert.Empty(Send(parent, Clock(60)).Outcomes);
        Assert.Equal(0, Ask(parent).Version.Event);
        Assert.Empty(Ask(parent, parts: SymbolParts.State).State);
        Assert.Equal(0, Node.Store.HighestSequenceNumber(Id));
    }

    [Fact]
    public void Question_IsAnsweredWithThePartsThatItAsksFor_AndWithoutWhatTheAskerHas()
    {
        var parent = Begin(Bars);
        var none = Ask(parent, parts: SymbolParts.All);
        Assert.True(none is { IsAwake: true, Gauges: null, Market: null, State.Length: 0, Entry: { Events: 0, Hash: null } });
        Send(parent, Batch(Tick(1), Tick(2)));

        var summary = Ask(parent);
        Assert.True(summary is { Gauges: null, Market: null, State.Length: 0, Unconfirmed: 0, Quarantine: null });
        Assert.Equal((1, 2, null), (summary.Entry.Events, summary.Entry.Summary.Applied, summary.Entry.Hash));
        Assert.Equal(new StateVersion(1, Bars.For(Apple).Hash), summary.Version);

        var all = Ask(parent, parts: SymbolParts.All);
        Assert.Equal(HashOf(Bars, Tick(1), Tick(2)), all.Entry.Hash.ToString());
        Assert.Equal((2, 2), (all.Gauges!.Applied, all.Market!.Records));
        Assert.NotEmpty(all.State);

        parent.Tell(new GetSymbol(Apple, SymbolParts.All, summary.Version), TestActor);
        var same = ExpectMsg<SymbolAnswer>();
        Assert.True(same is { Gauges: not null, Market: null, State.Length: 0 });
        Send(parent, Batch(Tick(3)));
        parent.Tell(new GetSymbol(Apple, SymbolParts.All, summary.Version), TestActor);
        var changed = ExpectMsg<SymbolAnswer>();
        Assert.Equal(3, changed.Market!.Records);
        Assert.NotEmpty(changed.State);
    }

    [Fact]
    public void ManyBatches_AndClocks_AreRecoveredAsTheyWere_FromASnapshot()
    {
        SnapshotEvery = 3;
        var parent = Begin(Bars);
        for (var seq = 1; seq <= 20; seq++) Send(parent, Batch(Tick(seq, price: seq)));
        Send(parent, Clock(100_000));
        var hash = Hash(parent, Bars);
        AwaitCondition(() => Node.Snapshot(Id) >= 18, EngineReading.Timeout, SpecNode.Poll);
        AwaitCondition(IsOneBeforeTheLast, EngineReading.Timeout, SpecNode.Poll);
        End(parent);
        Assert.Equal(hash, Hash(Begin(Bars), Bars));

        bool IsOneBeforeTheLast()
        {
            var before = Node.Snapshot(Id, Node.Snapshot(Id) - 1);
            return before > 0 && Node.Snapshot(Id, before - 1) == 0;
        }
    }

    [Fact]
    public void ManyRecordsInFewEvents_AreInASnapshotBeforeTheEventsAreUp()
    {
        var parent = Begin(Bars);
        for (var sent = 0; sent < ClusterOptions.SnapshotRecords; sent += ClusterOptions.MaxBatchRecords)
            Send(parent, Batch([.. Enumerable.Range(sent + 1, ClusterOptions.MaxBatchRecords).Select(seq => Tick(seq))]));
        AwaitCondition(() => Node.Snapshot(Id) > 0, EngineReading.Timeout, SpecNode.Poll);
        Assert.InRange(Node.Snapshot(Id), 1, ClusterOptions.SnapshotRecords / ClusterOptions.MaxBatchRecords + 1);
    }

    [Fact]
    public void SnapshotOfAnotherPlan_IsPassedOver()
    {
        SnapshotEvery = 2;
        Record[] ticks = [.. Enumerable.Range(1, 9).Select(seq => Tick(seq, price: seq))];
        var parent = Begin(Bars);
        foreach (var tick in ticks) Send(parent, Batch(tick));
        AwaitCondition(() => Node.Snapshot(Id) >= 8, EngineReading.Timeout, SpecNode.Poll);
        End(parent);
        var other = Plan.Parse("""{"frames":["5min"],"indicators":["ema(3)"]}""");
        parent = Begin(other);
        Assert.Equal(HashOf(other, ticks), Hash(parent, other));
        Assert.Equal(9, Ask(parent).Version.Event);
    }

    [Fact]
    public void DamagedSnapshot_IsPassedOver_AndTheFirstEventIsWhereReplayBegins()
    {
        var (parent, ticks) = WithSnapshots(9);
        End(parent);
        Node.DamageSnapshot(Id, Node.Snapshot(Id));
        parent = Begin(Bars);
        Assert.Equal(HashOf(Bars, ticks), Hash(parent, Bars));
        Assert.Equal(9, Recovered.Read(default).Events); // Akka.NET has replayed all of them
        Assert.Single(Recovered.Read(default).SnapshotsUnused);
        Assert.Equal([RecordOutcome.Applied], Send(parent, Batch(Tick(10))).Outcomes);
    }

    [Fact]
    public void DamagedSnapshot_WhereTheFirstEventsAreDeleted_LeavesTheOneBefore()
    {
        var (parent, ticks) = WithSnapshots(9);
        End(parent);
        var newest = Node.Snapshot(Id);
        var before = Node.Snapshot(Id, newest - 1);
        Node.Store.Delete([new JournalDeletion(Id, before, 0)]);
        Node.DamageSnapshot(Id, newest);
        parent = Begin(Bars);
        Assert.Equal(HashOf(Bars, ticks), Hash(parent, Bars));
        Assert.Equal((9L, null), (Ask(parent).Version.Event, Ask(parent).Quarantine));
        Assert.Equal([RecordOutcome.Duplicate, RecordOutcome.Applied], Send(parent, Batch(Tick(9), Tick(10))).Outcomes);
        Assert.Equal(HashOf(Bars, [.. ticks, Tick(10)]), Hash(parent, Bars));
    }

    [Fact]
    public void SymbolOfWhichNoSnapshotHelps_AndEventsAreDeleted_IsQuarantined_AndWritesNothing()
    {
        var (parent, _) = WithSnapshots(9);
        End(parent);
        var newest = Node.Snapshot(Id);
        var before = Node.Snapshot(Id, newest - 1);
        Node.Store.Delete([new JournalDeletion(Id, 9, 0)]); // all of them
        Node.DamageSnapshot(Id, newest);
        Node.DamageSnapshot(Id, before);
        parent = Begin(Bars);
        Assert.Equal([RecordOutcome.Refused(RejectReason.SymbolQuarantined)], Send(parent, Batch(Tick(10))).Outcomes);
        Assert.Contains("deleted", Ask(parent).Quarantine, StringComparison.Ordinal);
        Assert.Equal(9, Node.Store.HighestSequenceNumber(Id));
    }

    [Fact]
    public void SignalsFiredWhileTheJournalIsReadForEarlierOnes_ComeBehindThem()
    {
        var outbox = new SignalOutbox(Apple);
        var plan = new SymbolPlan(Alerts.For(Apple));
        var log = new FoldLog();
        var market = new Market(Alerts, log);
        for (var seq = 1; seq <= 6; seq++) market.OnRecord(Tick(seq));
        Assert.NotNull(market.Find(Apple));
        var fired = log.Signals;
        Assert.Equal([1L, 2, 3, 4, 5, 6], fired.Select(signal => signal.Number));
        outbox.BeginReading();
        outbox.Add([fired[4]], plan);
        outbox.Add([fired[5]], plan);
        Assert.False(outbox.IsEmpty);
        Assert.Equal(0, outbox.Count);
        outbox.EndReading(null, new MissingSignals(Apple, plan, After: 2));
        Assert.True(outbox.TryBeginReading(out var missing));
        Assert.Equal(2, missing!.After); // and so on to the last
        Assert.False(outbox.TryBeginReading(out _));
        outbox.EndReading(null);
        Assert.True(outbox.IsEmpty);
    }

    [Fact]
    public void SignalsThatTheAdministratorDoesNotTake_AreHeldInBoundedMemory_AndToldInTheirOrderAllTheSame()
    {
        const int count = (2 * SignalOutbox.MostHeld) + 500;
        SnapshotEvery = 3;
        var parent = Begin(Alerts);
        foreach (var seqs in Enumerable.Range(1, count).Chunk(400)) Send(parent, Batch([.. seqs.Select(seq => Tick(seq))]));
        Assert.Equal(SignalOutbox.MostHeld, Ask(parent).Unconfirmed);
        var next = 1L;
        while (next <= count / 2) next = Confirm();
        End(parent); // and starts again; only the administrator knows what was confirmed
        var logged = next - 1;
        parent = Begin(Alerts);
        Assert.True(Ask(parent).Unconfirmed > 0);
        Administrator.FishForMessage<SignalsFired>(fired => fired.First == 1);
        Administrator.Reply(new SignalsLogged(Apple, Alerts.For(Apple).Hash, logged));
        next = logged + 1;
        while (next <= count) next = Confirm();
        AwaitCondition(() => Ask(parent).Unconfirmed == 0, EngineReading.Timeout, SpecNode.Poll);

        long Confirm()
        {
            var fired = Administrator.FishForMessage<SignalsFired>(told => told.First >= next);
            Assert.Equal(next, fired.First);
            var last = fired.First + fired.Signals.Count - 1;
            Administrator.Reply(new SignalsLogged(Apple, fired.Plan, last));
            return last + 1;
        }
    }

    [Fact]
    public void PoisonousRecord_PutsItsSymbolIntoQuarantine_WithTheStateBeforeIt_AndNoOtherOne()
    {
        var parent = Begin(Bars, Poison);
        Send(parent, Batch(Tick(1)));
        var done = Send(parent, Batch(Tick(2), Tick(3, price: 13), Tick(4)));
        var refused = RecordOutcome.Refused(RejectReason.SymbolQuarantined);
        Assert.Equal([RecordOutcome.Applied, refused, refused], done.Outcomes);
        Assert.Equal([refused], Send(parent, Batch(Tick(5))).Outcomes);
        Assert.Equal("thirteen", Ask(parent).Quarantine);
        Assert.Equal(HashOf(Bars, Tick(1), Tick(2)), Hash(parent, Bars));
        Assert.Equal([RecordOutcome.Applied], Send(parent, Batch(Tick(1, symbol: "MSFT"))).Outcomes);

        // The same after a crash, without a restart loop before or after it.
        Births.ExpectMsg<LocalParent.Born>();
        Births.ExpectMsg<LocalParent.Born>();
        End(parent);
        parent = Begin(Bars, Poison);
        Assert.Equal([refused], Send(parent, Batch(Tick(6))).Outcomes);
        Assert.Equal(HashOf(Bars, Tick(1), Tick(2)), Hash(parent, Bars));
        Births.ExpectMsg<LocalParent.Born>();
        Assert.False(Births.HasMessages);

        static void Poison(SymbolState state, in Record record)
        {
            if (record.A == 13 * Domain.Values.Fixed8.One) throw new InvalidOperationException("thirteen");
        }
    }

    [Fact]
    public void DamagedEvent_PutsItsSymbolIntoQuarantine()
    {
        var parent = Begin(Bars);
        Send(parent, Batch(Tick(1)));
        End(parent);
        Node.Write(Id, 2, "ta9", [1, 2, 3]);
        parent = Begin(Bars);
        Assert.Equal([RecordOutcome.Refused(RejectReason.SymbolQuarantined)], Send(parent, Batch(Tick(2))).Outcomes);
        Assert.Equal(HashOf(Bars, Tick(1)), Hash(parent, Bars));
    }

    [Fact]
    public void SecondWriter_StopsTheSymbol_WhichRecoversAndKnowsWhatIsThere()
    {
        var parent = Begin(Bars);
        Send(parent, Batch(Tick(1)));
        var symbol = Births.ExpectMsg<LocalParent.Born>().Symbol;
        Watch(symbol);
        var other = new ArrayBufferWriter<byte>();
        var manifest = new EventEncoder().EncodeRecords(Apple, [Tick(2)], other);
        Node.Write(Id, 2, manifest, other.WrittenSpan.ToArray()); // like a node that was downed without noticing it

        var batch = Batch(Tick(2), Tick(3));
        parent.Tell(batch, TestActor);
        ExpectTerminated(symbol); // without an answer
        Assert.Equal([RecordOutcome.Duplicate, RecordOutcome.Applied], Send(parent, batch).Outcomes);
        Assert.Equal(HashOf(Bars, Tick(1), Tick(2), Tick(3)), Hash(parent, Bars));
    }

    [Fact]
    public void SymbolThatCameBackToANode_HasWhatItWroteThereBefore_AndElsewhere_AndThereAgain()
    {
        var parent = Begin(Bars);
        Record[] ticks = [.. Enumerable.Range(1, 6).Select(seq => Tick(seq))];
        foreach (var tick in ticks) Send(parent, Batch(tick));
        End(parent);
        for (var number = 1; number <= 6; number++) Node.SetWriter(Id, number, number is 3 or 5 ? "there" : "here");
        parent = Begin(Bars);
        Assert.Equal(6, Ask(parent).Version.Event);
        Assert.Equal(HashOf(Bars, ticks), Hash(parent, Bars));
    }

    [Fact]
    public void Signals_AreToldFromTheFirstUnconfirmedOne_AndAgainAfterACrash()
    {
        var parent = Begin(Alerts);
        Send(parent, Batch(Tick(1)));
        var fired = Administrator.ExpectMsg<SignalsFired>();
        Assert.Equal((Apple, 1L, 1), (fired.Symbol, fired.First, fired.Signals.Count));
        Send(parent, Batch(Tick(2), Tick(3)));
        Administrator.Reply(new SignalsLogged(Apple, fired.Plan, 1));
        fired = Administrator.ExpectMsg<SignalsFired>();
        Assert.Equal((2L, 2), (fired.First, fired.Signals.Count));
        Assert.Equal(fired.Signals, Administrator.ExpectMsg<SignalsFired>().Signals); // no answer: sent again
        End(parent);

        parent = Begin(Alerts);
        Ask(parent);
        // After the messages that the symbol may have repeated from before the restart.
        fired = Administrator.FishForMessage<SignalsFired>(message => message.First == 1);
        Assert.Equal(3, fired.Signals.Count);
    }

    [Fact]
    public void Snapshot_WaitsUntilItsSignalsAreInTheLog()
    {
        SnapshotEvery = 1;
        var parent = Begin(Alerts);
        for (var seq = 1; seq <= 5; seq++) Send(parent, Batch(Tick(seq)));
        var fired = Administrator.ExpectMsg<SignalsFired>();
        var symbol = Administrator.LastSender;
        symbol.Tell(new SignalsLogged(Apple, fired.Plan, 5));
        AwaitCondition(() => Node.Snapshot(Id) == 5, EngineReading.Timeout, SpecNode.Poll);
        Assert.Equal(0, Node.Snapshot(Id, 4)); // no earlier snapshot
    }

    [Fact]
    public void StoppedSymbol_FinishesWhatIsUnderWay_AndLeavesASnapshot()
    {
        var parent = Begin(Alerts);
        Send(parent, Batch([Tick(1), .. Enumerable.Range(2, 129).Select(seq => Tick(seq, price: 10))])); // enough events for a snapshot
        var symbol = Births.ExpectMsg<LocalParent.Born>().Symbol;
        var fired = Administrator.ExpectMsg<SignalsFired>();
        Watch(symbol);
        var (last, tooLate) = (Batch(Tick(131, price: 9)), Batch(Tick(132, price: 11)));
        using (Node.HoldWrites())
        {
            parent.Tell(last, TestActor);
            Ask(parent); // that snapshot exists
            symbol.Tell(StopSymbol.Instance);
            parent.Tell(tooLate, TestActor);
            Ask(parent);
        }

        Assert.Equal(last.Number, ExpectMsg<BatchAck>().Number);
        Assert.Equal(tooLate.Number, Region.ExpectMsg<SymbolBatch>().Number); // goes to the symbol's new location
        Assert.Equal(TestActor, Region.LastSender);
        symbol.Tell(new SignalsLogged(Apple, fired.Plan, 2));
        ExpectTerminated(symbol);
        Assert.Equal(2, Node.Snapshot(Id));
        Assert.Equal([RecordOutcome.Applied], Send(parent, tooLate).Outcomes);
    }

    [Fact]
    public void Deletion_IsNotEnded_ByTheLateAnswerToAnEarlierOne()
    {
        var parent = Begin(Bars);
        Send(parent, Batch(Tick(1)));
        var symbol = Births.ExpectMsg<LocalParent.Born>().Symbol;
        parent.Tell(new DeleteSymbol(Apple, At(1), "carol"), TestActor);
        Assert.Equal(2, ExpectMsg<SymbolDeletion>().Event);
        Send(parent, Batch(Tick(2)));
        using (Node.HoldWrites())
        {
            symbol.Tell(new DeleteSymbol(Apple, At(2), "dora"), TestActor);
            symbol.Tell(new DeleteMessagesSuccess(1)); // the state with which recovery continues
        }

        Assert.Equal(4, ExpectMsg<SymbolDeletion>().Event);
        Assert.Equal(0, Ask(parent).Entry.Summary.Applied);
    }

    private (IActorRef Parent, Record[] Ticks) WithSnapshots(int count)
    {
        SnapshotEvery = 2;
        Record[] ticks = [.. Enumerable.Range(1, count).Select(seq => Tick(seq, price: seq))];
        var parent = Begin(Bars);
        foreach (var tick in ticks)
        {
            Send(parent, Batch(tick));
            var due = Ask(parent).Version.Event;
            AwaitCondition(() => Node.Snapshot(Id) >= due - 1, EngineReading.Timeout, SpecNode.Poll);
        }

        AwaitCondition(() => Node.Snapshot(Id, Node.Snapshot(Id) - 1) > 0, EngineReading.Timeout, SpecNode.Poll);
        return (parent, ticks);
    }
}
