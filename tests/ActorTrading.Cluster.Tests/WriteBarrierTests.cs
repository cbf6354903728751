using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Tests.Symbols;
using Akka.Actor;
using Akka.Persistence;

namespace ActorTrading.Cluster.Tests;

public sealed class WriteBarrierTests : Akka.TestKit.Xunit2.TestKit
{
    private const int Many = 60; // several times as many failures in a row as the journal's circuit breaker allows

    private readonly SpecNode node;

    public WriteBarrierTests()
        // Like on PostgreSQL.
        : this(new SpecNode("akka.persistence.journal.sql.class = \"Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql\""))
    {
    }

    private WriteBarrierTests(SpecNode node)
        : base(node.System) => this.node = node;

    protected override void AfterAll()
    {
        base.AfterAll();
        node.Dispose();
    }

    [Fact]
    public void ActsBehindTheWritesSoFar_AndAtOnceWithoutOne()
    {
        var barrier = new WriteBarrier();
        var acted = new List<int>();
        barrier.Run(() => acted.Add(0));
        Assert.Equal([0], acted);
        barrier.Begin();
        barrier.Run(() => acted.Add(1));
        barrier.Begin();
        barrier.Run(() => acted.Add(2));
        Assert.Equal([0], acted);
        barrier.End();
        Assert.Equal([0, 1], acted);
        Assert.True(barrier.IsClosed);
        barrier.End();
        Assert.Equal([0, 1, 2], acted);
        Assert.False(barrier.IsClosed);
    }

    /// <summary>
    /// If this fails, Akka.Persistence.Sql accepts batches without events, and <see cref="WriteBarrier"/> can be removed.
    /// </summary>
    [Fact]
    public void DeferAsync_StillFailsTheJournalOfEverybody()
    {
        var actors = Enumerable.Range(0, Many)
            .Select(number => Sys.ActorOf(Props.Create(() => new DeferringActor($"deferring-{number}")))).ToList();
        TellAll("write");
        foreach (var actor in actors) ExpectMsg("written");
        foreach (var actor in actors) Watch(actor);
        using (node.HoldWrites())
        {
            TellAll("write");
            TellAll("defer");
            TellAll("are you there?");
            foreach (var actor in actors) ExpectMsg("yes");
        }

        foreach (var actor in actors) FishForMessage<string>(said => said == "deferred");
        TellAll("write");
        FishForMessage(said => said is Terminated);

        void TellAll(string word)
        {
            foreach (var actor in actors) actor.Tell(word, TestActor);
        }
    }

    private sealed class DeferringActor : ReceivePersistentActor
    {
        public DeferringActor(string id)
        {
            PersistenceId = id;
            RecoverAny(_ => { });
            Command<string>(word =>
            {
                var sender = Sender;
                if (word == "write") PersistAsync(new JournaledBytes("test", [1]), _ => sender.Tell("written"));
                else if (word == "defer") DeferAsync(word, _ => sender.Tell("deferred"));
                else sender.Tell("yes");
            });
        }

        public override string PersistenceId { get; }
    }
}
