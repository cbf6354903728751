using System.Diagnostics;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>PostgreSQL in a namespace, for the journal of pods.</summary>
internal sealed class PodPostgres : IDisposable
{
    public const int Port = 5432;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrading-postgres-");
    private Process? server;

    private PodPostgres()
    {
    }

    /// <summary>Starts a server with a database and a user of that name.</summary>
    /// <exception cref="SkipException">PostgreSQL is not installed.</exception>
    public static async Task<PodPostgres> StartAsync(NetworkNamespace network, string name, string password, CancellationToken cancellation)
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        Skip.If(programs is null, "PostgreSQL is not installed");
        var postgres = new PodPostgres();
        try
        {
            var data = Path.Combine(postgres.folder.FullName, "data");
            var secret = Path.Combine(postgres.folder.FullName, "password");
            await File.WriteAllTextAsync(secret, password, cancellation);
            foreach (var path in (string[])[postgres.folder.FullName, secret]) await Tools.OutputAsync("chown", "postgres", path);
            string[] asUser = ["--reuid=postgres", "--regid=postgres", "--clear-groups"];
            await Tools.OutputAsync("setpriv", [.. asUser, Path.Combine(programs!, "initdb"), "-D", data, "-U", name, $"--pwfile={secret}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]);
            await File.AppendAllTextAsync(Path.Combine(data, "pg_hba.conf"), "host all all 10.77.0.0/16 scram-sha-256\n", cancellation);
            await Tools.OutputAsync("setpriv", [.. asUser, "sh", "-c", $"echo 'CREATE DATABASE {name}' | '{programs}/postgres' --single -D '{data}' postgres"]);

            var start = new ProcessStartInfo(Tools.Find("ip")) { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var argument in (string[])["netns", "exec", network.Name, Tools.Find("setpriv"), .. asUser, Path.Combine(programs!, "postgres"), "-D", data,
                         "-c", "listen_addresses=*", "-c", $"port={Port}", "-c", "unix_socket_directories="])
                start.ArgumentList.Add(argument);
            postgres.server = Process.Start(start)!;
            while (await postgres.server.StandardError.ReadLineAsync(cancellation) is { } line)
            {
                if (!line.Contains("ready to accept connections", StringComparison.Ordinal)) continue;
                _ = postgres.server.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None); // a full pipe would hold it up
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

    public void Dispose()
    {
        if (server is not null)
        {
            if (!server.HasExited) server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }

        folder.Delete(recursive: true);
    }
}
