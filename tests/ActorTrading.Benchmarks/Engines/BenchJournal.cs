using ActorTrading.Engine.Journal;
using Npgsql;

namespace ActorTrading.Benchmarks.Engines;

/// <summary>An empty journal that is deleted after the run.</summary>
internal sealed class BenchJournal : IDisposable
{
    private readonly string? folder;
    private readonly string? server;
    private readonly string? database;
    private readonly IJournalStore store;

    public BenchJournal(TargetOptions options)
    {
        if (options.Postgres is { } address)
        {
            server = address;
            database = $"bench_{Guid.NewGuid():N}";
            Execute($"CREATE DATABASE {database}");
            Address = new NpgsqlConnectionStringBuilder(address) { Database = database }.ConnectionString;
        }
        else
        {
            Address = folder = options.Folder is { } under
                ? Directory.CreateDirectory(Path.Combine(under, Guid.NewGuid().ToString("N"))).FullName
                : Directory.CreateTempSubdirectory("actortrading-bench-").FullName;
        }

        store = JournalStore.Open(Address);
    }

    public string Address { get; }

    /// <summary>Number of events of symbols in it.</summary>
    public long Events => store.Heads().Where(head => head.PersistenceId.StartsWith("symbol-", StringComparison.Ordinal))
        .Sum(head => head.HighestSequenceNumber);

    public void Dispose()
    {
        store.Dispose();
        if (folder is not null) Directory.Delete(folder, recursive: true);
        if (database is not null) Execute($"DROP DATABASE {database} WITH (FORCE)");
    }

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(server + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
