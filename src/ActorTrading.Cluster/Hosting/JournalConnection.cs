using System.Data.Common;
using ActorTrading.Engine.Journal.Postgres;
using ActorTrading.Engine.Journal.Sqlite;
using ActorTrading.Engine.Journal;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.PostgreSQL;

namespace ActorTrading.Cluster.Hosting;

/// <summary>How Akka.Persistence.Sql reaches the journal that a store has opened.</summary>
internal static class JournalConnection
{
    // As durable as the embedded engine: an fsync for each commit. Several writers wait for each other instead of failing.
    private const string Pragmas =
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 16384";

    public static DataOptions Of(string address, IJournalStore store)
    {
        if (store is not SqliteJournalStore)
            return new DataOptions()
                .UseConnectionString(ProviderName.PostgreSQL15, PostgresAddress.Parse(address).ConnectionString)
                .WithOptions<PostgreSQLOptions>(options => options with { BulkCopyType = BulkCopyType.ProviderSpecific }); // COPY: bytes, not text
        return new DataOptions()
            .UseConnectionString(ProviderName.SQLiteMS, $"Data Source={store.Location};Mode=ReadWrite;Pooling=True")
            .UseBeforeConnectionOpened(_ => { }, StepAsideAsync)
            .UseAfterConnectionOpened(connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = Pragmas;
                command.ExecuteNonQuery();
            });
    }

    /// <summary>
    /// SQLite answers on the thread that asks, whatever is awaited. The plugin's queue of writes, which is a stream, would then stand still during each
    /// commit, and find one event in it afterwards: one commit for each event. So the stream is let go on, and gathers what comes meanwhile for the next commit.
    /// </summary>
    private static async Task StepAsideAsync(DbConnection connection, CancellationToken cancellation) => await Task.Yield();
}
