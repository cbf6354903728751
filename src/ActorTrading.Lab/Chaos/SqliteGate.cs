using Microsoft.Data.Sqlite;

namespace ActorTrading.Lab.Chaos;

/// <summary>Holds the single write lock of a SQLite file, as a careless backup would. Nodes wait for the lock and then give up.</summary>
internal sealed class SqliteGate(string file) : IJournalGate
{
    private SqliteConnection? holder;

    public string? Postgres => null;

    public string Fault => "journal";

    public Task ShutAsync(CancellationToken cancellation) => Task.Run(() =>
    {
        holder = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=60");
        holder.Open();
        Execute("BEGIN IMMEDIATE");
    }, cancellation);

    public Task OpenAsync()
    {
        Execute("ROLLBACK");
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        holder?.Dispose();
        holder = null;
    }

    private void Execute(string sql)
    {
        using var command = holder!.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
