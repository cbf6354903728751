using ActorTrading.Engine.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace ActorTrading.Engine.Journal;

/// <summary>Opens a journal by its address.</summary>
public static class JournalStore
{
    /// <summary>The file in a data directory.</summary>
    public const string FileName = "journal.db";

    /// <summary>
    /// Opens the journal at an address, and makes it if it is not there:
    /// a directory, which holds <see cref="FileName"/>; a file with an ending; or <c>Data Source=...</c>.
    /// </summary>
    /// <exception cref="JournalException">It cannot be opened, or the address is not understood.</exception>
    public static IJournalStore Open(string address, JournalOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        return new SqliteJournalStore(PathOf(address), options);
    }

    private static string PathOf(string address)
    {
        string path = address;
        if (address.Contains('='))
        {
            try
            {
                path = new SqliteConnectionStringBuilder(address).DataSource;
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                // Its message may quote a part of the string, and that a password: neither is passed on.
                throw new JournalException(JournalFailure.Incompatible, "The address of the journal is neither a path nor a connection string that is understood.");
            }
        }
        bool isDirectory = Directory.Exists(path) || Path.EndsInDirectorySeparator(path) || !Path.HasExtension(path) && !File.Exists(path);
        return isDirectory ? Path.Combine(path, FileName) : path;
    }
}
