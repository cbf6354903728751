using System.Diagnostics;
using System.Security.Cryptography;
using ActorTrading.TestKit;
using Npgsql;

namespace ActorTrading.Engine.Tests.Journal;

/// <summary>
/// A real PostgreSQL server in a temporary directory, on loopback and a free port, for the tests of a class. If PostgreSQL is not
/// installed, <see cref="Missing"/> gives the reason and the tests are skipped.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    public const string User = "market_data";

    private const int Attempts = 3; // another program may take the free port meanwhile

    private static readonly string[] Places =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin",
        "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
    ];

    private readonly TemporaryFolder? folder;
    private readonly string asUser = ""; // the server refuses to run as root
    private Process? shell;
    private int databases;

    public PostgresServer()
    {
        if (OperatingSystem.IsWindows())
        {
            Missing = "the tests start a PostgreSQL server on Linux and macOS only";
            return;
        }
        string? programs = Find();
        if (programs is null)
        {
            Missing = "no PostgreSQL server (initdb, postgres) is installed here";
            return;
        }
        if (Environment.IsPrivilegedProcess)
        {
            string? user = new[] { "postgres", "nobody" }.FirstOrDefault(
                name => File.ReadLines("/etc/passwd").Any(line => line.StartsWith(name + ":", StringComparison.Ordinal)));
            if (user is null || !File.Exists("/usr/bin/setpriv"))
            {
                Missing = "a PostgreSQL server does not run as root, and there is no setpriv or no user to run it as";
                return;
            }
            asUser = $"/usr/bin/setpriv --reuid={user} --regid=$(id -g {user}) --clear-groups ";
        }

        folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
        try
        {
            string passwordFile = folder.File("password");
            File.WriteAllText(passwordFile, Password);
            File.SetUnixFileMode(passwordFile, (UnixFileMode)0b100_100_100);
            Start($"{asUser}'{programs}/initdb' -D '{folder.Path}/data' -U {User} --pwfile='{passwordFile}' -A scram-sha-256 -E UTF8 "
                + "--locale=C --no-sync && echo initialised", "initialised");
            for (int attempt = 1; shell is null; attempt++)
            {
                Port = FreePort.Next();
                try
                {
                    // The shell stops the server when its input ends: at the end of the tests, also when these are killed. The server's own
                    // durability settings are off: the store must set them.
                    shell = Start($"""
                        {asUser}'{programs}/postgres' -D '{folder.Path}/data' -p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off -c lc_messages=C 2>&1 &
                        server=$!
                        read -r end
                        kill -QUIT $server
                        wait $server
                        """, "ready to accept connections");
                }
                catch (InvalidOperationException) when (attempt < Attempts)
                {
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why there is no server; null if there is one.</summary>
    public string? Missing { get; }

    /// <summary>The user's password: a text that no message contains by chance.</summary>
    public string Password { get; } = "s3cret'" + Convert.ToHexString(RandomNumberGenerator.GetBytes(12));

    public int Port { get; private set; }

    /// <summary>Creates a database and returns its connection string.</summary>
    public string NewDatabase()
    {
        string name = $"journal_{Interlocked.Increment(ref databases)}";
        Execute(Address("postgres"), $"CREATE DATABASE {name}");
        return Address(name);
    }

    public string Address(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = Port, Username = User, Password = Password, Database = database,
        }.ConnectionString;

    public static void Execute(string address, string sql)
    {
        using var connection = new NpgsqlConnection(address + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        if (shell is not null)
        {
            shell.StandardInput.Close();
            shell.WaitForExit();
            shell.Dispose();
        }
        folder?.Dispose();
    }

    private static string? Find()
    {
        var places = Places.SelectMany(Expand).Concat(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return places.FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb")) && File.Exists(Path.Combine(place, "postgres")));

        // The newest version first.
        static IEnumerable<string> Expand(string place)
        {
            int star = place.IndexOf('*', StringComparison.Ordinal);
            if (star < 0) return [place];
            string parent = Path.GetDirectoryName(place[..star])!, rest = place[(star + 1)..].TrimStart('/');
            return Directory.Exists(parent)
                ? Directory.GetDirectories(parent, Path.GetFileName(place[..star]) + "*").OrderDescending()
                    .Select(found => Path.Combine(found, rest))
                : [];
        }
    }

    /// <summary>Runs a script until it prints the word; later output is discarded.</summary>
    private Process Start(string script, string word)
    {
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
        {
            WorkingDirectory = folder!.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        })!;
        var said = new List<string>();
        process.ErrorDataReceived += (_, line) => { lock (said) said.Add(line.Data ?? ""); };
        process.BeginErrorReadLine();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lock (said) said.Add(line);
            if (!line.Contains(word, StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // a full pipe would block the server
            return process;
        }
        process.StandardInput.Close();
        process.WaitForExit();
        throw new InvalidOperationException("PostgreSQL did not start: " + string.Join('\n', said));
    }
}
