using System.Diagnostics;
using ActorTrading.TestKit;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>PostgreSQL in a namespace, for the journal of pods.</summary>
internal sealed class PodPostgres : IDisposable
{
    public const int Port = 5432;

    private static readonly string[] AsUser = ["--reuid=postgres", "--regid=postgres", "--clear-groups"];

    private readonly TemporaryFolder folder = new();
    private readonly NetworkNamespace network;
    private readonly string programs;
    private readonly string name;
    private readonly string password;
    private Process? server;

    private PodPostgres(NetworkNamespace network, string programs, string name, string password)
    {
        (this.network, this.programs, this.name, this.password) = (network, programs, name, password);
    }

    /// <summary>Starts a server with a database and a user of that name.</summary>
    /// <exception cref="SkipException">PostgreSQL is not installed.</exception>
    public static async Task<PodPostgres> StartAsync(NetworkNamespace network, string name, string password, CancellationToken cancellation)
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        Skip.If(programs is null, "PostgreSQL is not installed");
        var postgres = new PodPostgres(network, programs!, name, password);
        try
        {
            var data = postgres.folder.File("data");
            var secret = postgres.folder.File("password");
            await File.WriteAllTextAsync(secret, password, cancellation);
            foreach (var path in (string[])[postgres.folder.Path, secret]) await Tools.OutputAsync("chown", "postgres", path);
            await Tools.OutputAsync("setpriv", [.. AsUser, Path.Combine(programs!, "initdb"), "-D", data, "-U", name, $"--pwfile={secret}",
                "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]);
            await File.AppendAllTextAsync(Path.Combine(data, "pg_hba.conf"), "host all all 10.77.0.0/16 scram-sha-256\n", cancellation);
            await Tools.OutputAsync(
                "setpriv", [.. AsUser, "sh", "-c", $"echo 'CREATE DATABASE {name}' | '{programs}/postgres' --single -D '{data}' postgres"]);

            var start = new ProcessStartInfo(Tools.Find("ip")) { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var argument in (string[])["netns", "exec", network.Name, Tools.Find("setpriv"), .. AsUser,
                         Path.Combine(programs!, "postgres"), "-D", data,
                         "-c", "listen_addresses=*", "-c", $"port={Port}", "-c", "unix_socket_directories="])
                start.ArgumentList.Add(argument);
            postgres.server = Process.Start(start)!;
            while (await postgres.server.StandardError.ReadLineAsync(cancellation) is { } line)
            {
                if (!line.Contains("ready to accept connections", StringComparison.Ordinal)) continue;
                // A full pipe would block it.
                _ = postgres.server.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return postgres;
            }

            throw new InvalidOperationException("PostgreSQL did not start");
        }
        catch
        {
            postgres.Dispose();
            throw;
        }
    }

    /// <summary>Backs up the database as described in docs/deploying.md while it is used, and restores it into another database.</summary>
    public async Task CopyAsync(string copy)
    {
        var dump = folder.File("journal.dump");
        await RunAsync("pg_dump", "--format=custom", $"--file={dump}", Address(name));
        await RunAsync("psql", "--quiet", "--command", $"CREATE DATABASE {copy}", Address(name));
        await RunAsync("pg_restore", $"--dbname={Address(copy)}", dump);

        string Address(string database) => $"host={network.Address} port={Port} dbname={database} user={name} password={password}";

        Task RunAsync(string program, params string[] arguments) => Tools.OutputAsync(
            "ip", ["netns", "exec", network.Name, Tools.Find("setpriv"), .. AsUser, Path.Combine(programs, program), .. arguments]);
    }

    public void Dispose()
    {
        if (server is not null)
        {
            if (!server.HasExited) server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }

        folder.Dispose();
    }
}
