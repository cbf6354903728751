using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using ActorTrading.Host;
using ActorTrading.Host.Clustering;
using Npgsql;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// A real PostgreSQL server in a folder, on loopback, with a database that nobody else knows the password of. Can be stopped and
/// started. It ends with this process, however that ends.
/// </summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private const string User = "trader";
    private const string Database = "postgres"; // the one that each new server has
    private const int Connections = 300; // for the most nodes that there can be
    private const int StartsTried = 3; // another program may take the port meanwhile

    private readonly PostgresPrograms programs;
    private readonly string folder;
    private readonly string password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private int port;
    private Process? guard;

    private OwnPostgres(PostgresPrograms programs, string folder) => (this.programs, this.folder) = (programs, folder);

    /// <summary>How it is reached; the same after each start. Holds the password: never shown.</summary>
    public string Address =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = port, Username = User, Password = password, Database = Database,
        }.ConnectionString;

    /// <summary>Makes a server in a folder that is not there yet, and starts it.</summary>
    /// <exception cref="CommandException">It does not start; the message says why.</exception>
    public static async Task<OwnPostgres> StartAsync(string folder, CancellationToken cancellation)
    {
        var server = new OwnPostgres(PostgresPrograms.Find(), folder);
        try
        {
            await server.BeginAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it after it was stopped; returns when it answers.</summary>
    public Task StartAsync(CancellationToken cancellation) =>
        RunAsync(
            null, cancellation, Program("pg_ctl"), "start", "-D", "data", "-w", "-s", "-t", "120", "-l", "server.log", "-o",
            string.Create(CultureInfo.InvariantCulture,
                $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections={Connections}"));

    /// <summary>
    /// Stops it: its clients are told and all is written to its files, or at once, as if it were killed; returns when it has ended.
    /// </summary>
    public Task StopAsync(bool inOrder, CancellationToken cancellation) =>
        RunAsync(
            null, cancellation, Program("pg_ctl"), "stop", "-D", "data", "-w", "-s", "-t", "120", "-m", inOrder ? "fast" : "immediate");

    public async ValueTask DisposeAsync()
    {
        if (guard is null) return;
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
        guard.Dispose();
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        if (programs.User is not null && !OperatingSystem.IsWindows())
        {
            // As root is not who runs it: that one must get here, and write.
            var parent = Path.GetDirectoryName(folder)!;
            File.SetUnixFileMode(parent, File.GetUnixFileMode(parent) | UnixFileMode.OtherExecute);
            File.SetUnixFileMode(folder, (UnixFileMode)0b001_111_111_111);
        }

        // Written by who reads it, so that it can be a file for nobody else.
        await RunAsync(password, cancellation, "/bin/sh", "-c",
            """umask 077 && cat > password && "$1" -D data -U "$2" --pwfile=password -A scram-sha-256 -E UTF8 --locale=C --no-sync""", "sh",
            Program("initdb"), User);
        guard = Start("/bin/sh", "-c", """read -r end; "$1" stop -D data -s -m immediate""", "sh", Program("pg_ctl"));
        for (var tried = 1; ; tried++)
        {
            port = FreePorts.From(Random.Shared.Next(15_000, 30_000), 1_000);
            try
            {
                await StartAsync(cancellation);
                return;
            }
            catch (CommandException) when (tried < StartsTried)
            {
                // Its log says why; most likely the port.
            }
        }
    }

    private string Program(string name) => Path.Combine(programs.Folder, name);

    private async Task RunAsync(string? input, CancellationToken cancellation, string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, and says why.
        }

        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw new CommandException(ExitCode.BadInput, $"--own-postgres: {string.Join(' ', await said).Trim()}; see {folder}.");
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        if (programs.User is { } user) start.UserName = user;
        return Process.Start(start)!;
    }
}
