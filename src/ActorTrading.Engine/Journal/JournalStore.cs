using ActorTrading.Engine.Journal.Postgres;
using ActorTrading.Engine.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace ActorTrading.Engine.Journal;

/// <summary>Opens a journal by its address.</summary>
public static class JournalStore
{
    /// <summary>The file in a data directory.</summary>
    public const string FileName = "journal.db";

    private static readonly string[] FileKeys = ["data source", "datasource", "filename"];
    private static readonly string[] SecretKeys = ["password", "pwd", "username", "user id", "user name", "userid", "uid"];

    /// <summary>
    /// Opens the journal at an address, and makes what is missing of it. SQLite: a directory, which holds <see cref="FileName"/>;
    /// a file with an ending; or <c>Data Source=...</c>. PostgreSQL: <c>Host=...;Database=...</c> or <c>postgres://...</c>.
    /// </summary>
    /// <exception cref="JournalException">It cannot be opened, or the address is not understood.</exception>
    public static IJournalStore Open(string address, JournalOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        return PostgresAddress.Is(address)
            ? new PostgresJournalStore(address, options)
            : new SqliteJournalStore(FileOf(address), options);
    }

    /// <summary>As <see cref="Open"/>, of a journal that is there: a SQLite file that is missing is not made.</summary>
    /// <exception cref="JournalException">There is none, it cannot be opened, or the address is not understood.</exception>
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
        // A path would be named in messages and logs; this is none, and may hold a password.
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
            // Its message may quote a part of the string, and that a password: not passed on.
        }
        throw NotUnderstood();
    }

    private static JournalException NotUnderstood() => new(JournalFailure.Incompatible,
        "The address of the journal is not understood: it is a path, or 'Data Source=FILE', or 'Host=...;Database=...;Username=...', "
        + "or 'postgres://...'.");
}
