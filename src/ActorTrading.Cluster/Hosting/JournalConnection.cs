using System.Data.Common;
using ActorTrading.Cluster.Journal;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Journal.Postgres;
using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.PostgreSQL;

namespace ActorTrading.Cluster.Hosting;

/// <summary>Connects Akka.Persistence.Sql to the journal that the store has opened.</summary>
internal static class JournalConnection
{
    // As durable as the embedded engine: an fsync for each commit. Concurrent writers wait instead of failing.
    private const string Pragmas =
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA busy_timeout = 10000; "
        + "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 16384";

    /// <summary>Configures persistence in the journal of the store. The store has created the tables.</summary>
    public static AkkaConfigurationBuilder WithJournal(
        this AkkaConfigurationBuilder builder, string address, IJournalStore store) => builder
        .WithSqlPersistence(Of(address, store), autoInitialize: false)
        .AddSetup(new SqliteGroupJournal.StoreSetup(store))
        .AddHocon(
            ClusterNodeBuilder.Settings(PostgresAddress.Is(address) ? "persistence-postgres" : "persistence-sqlite"), HoconAddMode.Prepend);

    /// <summary>Connection options of the plugin.</summary>
    private static DataOptions Of(string address, IJournalStore store)
    {
        if (PostgresAddress.Is(address))
            return new DataOptions()
                .UseConnectionString(ProviderName.PostgreSQL15, PostgresAddress.Parse(address).ConnectionString)
                // Uses COPY in binary format.
                .WithOptions<PostgreSQLOptions>(options => options with { BulkCopyType = BulkCopyType.ProviderSpecific });
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
    /// SQLite is synchronous, even for awaited calls. This moves the read to a pool thread, so the journal actor is not blocked.
    /// </summary>
    private static async Task StepAsideAsync(DbConnection connection, CancellationToken cancellation) => await Task.Yield();
}
