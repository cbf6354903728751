using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Messages;
using ActorTrading.Engine.Journal;
using ActorTrading.TestKit;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTrading.Cluster.Tests.Symbols;

/// <summary>An actor system with this project's serializer and journal on SQLite, without a cluster.</summary>
internal sealed class SpecNode : IDisposable
{
    /// <summary>The interval of <c>AwaitCondition</c>, which otherwise is a tenth of the patience.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder folder = new();
    private readonly IHost host;

    /// <param name="hocon">Akka.NET settings with precedence over the project's.</param>
    public SpecNode(string hocon = "")
    {
        Store = JournalStore.Open(folder.Path);
        host = new HostBuilder().ConfigureServices(services => services.AddAkka("spec", builder => builder
            .ConfigureLoggers(loggers => loggers.ClearLoggers())
            .WithCustomSerializer("trading", TradingSerializer.Bound, system => new TradingSerializer(system))
            .WithJournal(folder.Path, Store)
            .WithClusterPort(null)
            .AddHocon("akka.stdout-loglevel = OFF, akka.test.single-expect-default = 90s", HoconAddMode.Prepend)
            .AddHocon(hocon, HoconAddMode.Prepend))).Build();
        host.Start();
        System = host.Services.GetRequiredService<ActorSystem>();
    }

    public ActorSystem System { get; }

    public IJournalStore Store { get; }

    /// <summary>Blocks all other writers of the journal until it is disposed.</summary>
    public IDisposable HoldWrites() => new WriteLock(Store.Location);

    /// <summary>Writes an event like another writer.</summary>
    public void Write(string id, long number, string manifest, byte[] payload) =>
        Store.Commit([new JournalEntry(id, number, manifest, payload)]);

    /// <summary>Marks an event as written by another node.</summary>
    public void SetWriter(string id, long number, string writer)
    {
        using var connection = new SqliteConnection($"Data Source={Store.Location};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE journal SET writer_uuid = $writer WHERE persistence_id = $id AND sequence_number = $number";
        command.Parameters.AddWithValue("$writer", writer);
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$number", number);
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    /// <summary>Changes a byte of a snapshot.</summary>
    public void DamageSnapshot(string id, long number)
    {
        using var connection = new SqliteConnection($"Data Source={Store.Location};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE snapshot SET snapshot = CAST(substr(snapshot, 1, length(snapshot) - 1) || x'2a2a' AS BLOB) "
            + "WHERE persistence_id = $id AND sequence_number = $number";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$number", number);
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    /// <summary>The number of the newest snapshot of an id up to a number; 0 for none.</summary>
    public long Snapshot(string id, long atMost = long.MaxValue)
    {
        var found = 0L;
        Store.ReadSnapshot(id, atMost, (in JournalRow row) =>
        {
            found = row.SequenceNumber;
            return false;
        });
        return found;
    }

    public void Dispose()
    {
        System.Terminate().Wait();
        host.Dispose();
        Store.Dispose();
        folder.Dispose();
    }

    private sealed class WriteLock : IDisposable
    {
        private readonly SqliteConnection connection;

        public WriteLock(string file)
        {
            connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            Execute("BEGIN IMMEDIATE");
        }

        public void Dispose()
        {
            Execute("ROLLBACK");
            connection.Dispose();
        }

        private void Execute(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
