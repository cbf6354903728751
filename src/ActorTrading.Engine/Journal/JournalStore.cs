using ActorTrading.Engine.Journal.Postgres;
using ActorTrading.Engine.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace ActorTrading.Engine.Journal;

/// <summary>Opens a journal by its address.</summary>
public static class JournalStore
{
    /// <summary>Name of the database file in a data directory.</summary>
    public const string FileName = "journal.db";

    private static readonly string[] FileKeys = ["data source", "datasource", "filename"];
    private static readonly string[] SecretKeys = ["password", "pwd", "username", "user id", "user name", "userid", "uid"];

    /// <summary>
    /// Opens the journal at an address and creates it if it is missing. SQLite: a directory, which contains <see cref="FileName"/>; a file
    /// with an extension; or <c>Data Source=...</c>. PostgreSQL: <c>Host=...;Database=...</c> or <c>postgres://...</c>.
    /// </summary>
    /// <exception cref="JournalException">It cannot be opened, or the address is not understood.</exception>
    public static IJournalStore Open(string address, JournalOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        return PostgresAddress.Is(address)
            ? new PostgresJournalStore(address, options)
            : new SqliteJournalStore(FileOf(address), options);
    }

    /// <summary>Like <see cref="Open"/>, for an existing journal: a missing SQLite file is not created.</summary>
    /// <exception cref="JournalException">The journal does not exist or cannot be opened, or the address is not understood.</exception>
    public static IJournalStore OpenExisting(string address, JournalOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        if (!PostgresAddress.Is(address) && FileOf(address) is var file && !File.Exists(file))
            throw new JournalException(JournalFailure.Unavailable, $"{file}: there is no journal.");
        return Open(address, options);
    }

    private static string FileOf(string address)
    {
        string path = address;
        var keys = ConnectionStringKeys.Of(address);
        if (keys.Any(key => FileKeys.Contains(key))) path = DataSource(address);
        // Treated as a path, the address would appear in messages and logs; it is not a path, and may contain a password.
        else if (keys.Any(key => SecretKeys.Contains(key))) throw NotUnderstood();

        bool isDirectory = Directory.Exists(path) || Path.EndsInDirectorySeparator(path)
            || (!Path.HasExtension(path) && !File.Exists(path));
        return isDirectory ? Path.Combine(path, FileName) : path;
    }

    private static string DataSource(string connectionString)
    {
        try
        {
            var builder = new SqliteConnectionStringBuilder(connectionString);
            if (builder.Password.Length == 0 && builder.DataSource.Length > 0) return builder.DataSource;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Its message may quote a part of the string with a password: it is not passed on.
        }
        throw NotUnderstood();
    }

    private static JournalException NotUnderstood() => new(JournalFailure.Incompatible,
        "The address of the journal is not valid: use a path, or 'Data Source=FILE', or 'Host=...;Database=...;Username=...', "
        + "or 'postgres://...'.");
}
