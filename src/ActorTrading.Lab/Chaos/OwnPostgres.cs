using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using ActorTrading.Engine;
using ActorTrading.Host;
using Npgsql;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// A PostgreSQL server in a folder, on loopback, with a random database password. Can be stopped and restarted. It ends with this process,
/// even when the process is killed.
/// </summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private const string User = "trader";
    private const string Database = "postgres"; // exists on each new server
    private const int Connections = 300; // enough for the maximum number of nodes
    private const int StartsTried = 3; // another program may take the port meanwhile

    private readonly PostgresPrograms programs;
    private readonly string folder;
    private readonly string password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private ReservedPort? port;
    private Process? guard;

    private OwnPostgres(PostgresPrograms programs, string folder) => (this.programs, this.folder) = (programs, folder);

    /// <summary>The address of the server, the same after each start. Contains the password: never shown.</summary>
    public string Address =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = port!.Number, Username = User, Password = password, Database = Database,
        }.ConnectionString;

    /// <summary>Creates a server in a new folder and starts it.</summary>
    /// <exception cref="CommandException">The server does not start; the message gives the reason.</exception>
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

    /// <summary>Restarts the server; returns when it answers.</summary>
    public Task StartAsync(CancellationToken cancellation) =>
        RunAsync(
            null, cancellation, Program("pg_ctl"), "start", "-D", "data", "-w", "-s", "-t", "120", "-l", "server.log", "-o",
            string.Create(CultureInfo.InvariantCulture,
                $"-p {port!.Number} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections={Connections}"));

    /// <summary>
    /// Stops the server: in order (clients are notified and all data is written to files), or immediately, like a kill. Returns when it has
    /// ended.
    /// </summary>
    public Task StopAsync(bool inOrder, CancellationToken cancellation) =>
        RunAsync(
            null, cancellation, Program("pg_ctl"), "stop", "-D", "data", "-w", "-s", "-t", "120", "-m", inOrder ? "fast" : "immediate");

    public async ValueTask DisposeAsync()
    {
        port?.Dispose();
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
            // When run as root, the server runs as another user, who needs access to the parent folder.
            var parent = Path.GetDirectoryName(folder)!;
            File.SetUnixFileMode(parent, File.GetUnixFileMode(parent) | UnixFileMode.OtherExecute);
            File.SetUnixFileMode(folder, (UnixFileMode)0b001_111_111_111);
        }

        // Written by the user who reads it, so that no other user can access the file.
        await RunAsync(password, cancellation, "/bin/sh", "-c",
            """umask 077 && cat > password && "$1" -D data -U "$2" --pwfile=password -A scram-sha-256 -E UTF8 --locale=C --no-sync""", "sh",
            Program("initdb"), User);
        guard = Start("/bin/sh", "-c", """read -r end; "$1" stop -D data -s -m immediate""", "sh", Program("pg_ctl"));
        for (var tried = 1; ; tried++)
        {
            port?.Dispose();
            port = ReservedPort.Any();
            try
            {
                await StartAsync(cancellation);
                return;
            }
            catch (CommandException) when (tried < StartsTried)
            {
                // The server's log gives the reason; usually the port is in use.
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
            // The process has already ended; its output gives the reason.
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
