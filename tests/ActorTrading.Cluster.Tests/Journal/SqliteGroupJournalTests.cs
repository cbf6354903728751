using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Tests.Symbols;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Microsoft.Data.Sqlite;

namespace ActorTrading.Cluster.Tests.Journal;

/// <summary>The rows that persistent actors write through the group journal, and how they are read.</summary>
public sealed class SqliteGroupJournalTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly SpecNode node;

    public SqliteGroupJournalTests()
        : this(new SpecNode())
    {
    }

    private SqliteGroupJournalTests(SpecNode node)
        : base(node.System) => this.node = node;

    [Fact]
    public void EventsOfOneActor_WithTagsAndWithout_ComeBackInTheirOrder()
    {
        var writer = Writer("a");
        writer.Tell(Event(1));
        writer.Tell(new Tagged(Event(2), ["red"]));
        writer.Tell(Event(3));
        for (byte number = 1; number <= 3; number++) ExpectMsg(number);
        Stop(writer);
        Writer("a");
        for (byte number = 1; number <= 3; number++) ExpectMsg((number, "replayed"));
        Assert.Equal("2 red", Text("SELECT sequence_nr || ' ' || tag FROM tags")); // written by Akka.NET's plugin
    }

    [Fact]
    public void RowsOfBothWritePaths_DifferInNothingButWhatTheyHold()
    {
        var writer = Writer("a");
        writer.Tell(Event(1));
        ExpectMsg((byte)1);
        writer.Tell(new Tagged(Event(2), ["red"]));
        ExpectMsg((byte)2);
        var columns = "typeof(created), created > 0, deleted, typeof(message), manifest, identifier, length(writer_uuid)";
        string Row(int number) =>
            Text($"SELECT concat_ws('|', {columns}) FROM journal WHERE persistence_id = 'a' AND sequence_number = {number}");
        Assert.Equal(Row(1), Row(2));
    }

    [Fact]
    public void AnActorWhoseNumberIsTaken_Stops_AndOthersGoOn()
    {
        var (one, other) = (Writer("a"), Writer("b"));
        one.Tell(Event(1));
        ExpectMsg((byte)1);
        Watch(one);
        node.Write("a", 2, "ta1", [9]);
        one.Tell(Event(2));
        other.Tell(Event(7));
        FishForMessage(message => message is Terminated);
        other.Tell(Event(8));
        FishForMessage(message => message is (byte)8);
        Assert.Equal("1,2", Text("SELECT group_concat(sequence_number) FROM journal WHERE persistence_id = 'a'"));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        node.Dispose();
    }

    private IActorRef Writer(string id) => Sys.ActorOf(Props.Create(() => new WritingActor(id, TestActor)));

    private void Stop(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    private string Text(string query)
    {
        using var connection = new SqliteConnection($"Data Source={node.Store.Location};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return (string)command.ExecuteScalar()!;
    }

    private static JournaledBytes Event(byte number) => new("ta1", [number]);

    /// <summary>Persists the messages that it receives, and reports each event to the test.</summary>
    private sealed class WritingActor : ReceivePersistentActor
    {
        public WritingActor(string id, IActorRef test)
        {
            PersistenceId = id;
            Recover<JournaledBytes>(happened => test.Tell((happened.Payload[0], "replayed")));
            Command<JournaledBytes>(ours => PersistAsync(ours, durable => test.Tell(durable.Payload[0])));
            Command<Tagged>(tagged => PersistAsync(tagged, durable => test.Tell(((JournaledBytes)durable.Payload).Payload[0])));
        }

        public override string PersistenceId { get; }
    }
}
