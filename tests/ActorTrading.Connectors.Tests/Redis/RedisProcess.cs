using System.Diagnostics;
using System.Net;
using ActorTrading.TestKit;
using StackExchange.Redis;

namespace ActorTrading.Connectors.Tests.Redis;

/// <summary>
/// A real redis-server in its own folder, on loopback, on a port that was free. Acknowledged data is on disk. It ends with the test, even
/// if that is killed: a shell waits for the end of its input.
/// </summary>
public sealed class RedisProcess : IDisposable
{
    private const int Attempts = 5; // another program may take the port meanwhile

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly string[] options;
    private Process? shell;
    private ConnectionMultiplexer? client;

    private RedisProcess(string[] options) => this.options = options;

    /// <summary>Why there is none; null if it can be started.</summary>
    public static string? Missing =>
        OperatingSystem.IsWindows() ? "the tests start a Redis server on Linux and macOS only"
        : Find() is null ? "no redis-server is installed here" : null;

    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>A client besides the connector's; it can also cut connections.</summary>
    public IDatabase Client => client!.GetDatabase();

    /// <summary>Starts a server. Options are those of redis-server, for example <c>--requirepass</c>.</summary>
    public static async Task<RedisProcess> StartAsync(Action<ConfigurationOptions>? client = null, params string[] options)
    {
        var server = new RedisProcess(options);
        try
        {
            await server.StartAsync();
            server.client = await ConnectionMultiplexer.ConnectAsync(server.ClientOptions(client));
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Ends it like a loss of power.</summary>
    public void Kill()
    {
        shell!.StandardInput.Close();
        shell.WaitForExit();
        shell.Dispose();
        shell = null;
    }

    /// <summary>Starts it again with its data on disk.</summary>
    public async Task RestartAsync()
    {
        shell = await LaunchAsync(Port) ?? throw new InvalidOperationException($"The port {Port} is taken.");
        await WaitAsync(() => client!.IsConnected);
    }

    /// <summary>Cuts the connections of all other clients.</summary>
    public async Task CutAsync()
    {
        var id = (long)await Client.ExecuteAsync("CLIENT", "ID");
        foreach (var line in ((string)(await Client.ExecuteAsync("CLIENT", "LIST"))!).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.Contains("name=actortrading", StringComparison.Ordinal)) continue;
            var other = line.Split(' ')[0]["id=".Length..];
            if (other != $"{id}") await Client.ExecuteAsync("CLIENT", "KILL", "ID", other);
        }
    }

    public void Dispose()
    {
        client?.Dispose();
        if (shell is not null) Kill();
        folder.Dispose();
    }

    private ConfigurationOptions ClientOptions(Action<ConfigurationOptions>? change)
    {
        var configuration = new ConfigurationOptions
        {
            EndPoints = { { IPAddress.Loopback, Port } }, AllowAdmin = true, AbortOnConnectFail = false, ClientName = "test",
            AsyncTimeout = 60_000, SyncTimeout = 60_000,
            ReconnectRetryPolicy = new LinearRetry(100), HeartbeatInterval = TimeSpan.FromMilliseconds(100),
        };
        change?.Invoke(configuration);
        return configuration;
    }

    private async Task StartAsync()
    {
        for (var attempt = 1; shell is null; attempt++)
        {
            Port = FreePort.Next();
            shell = await LaunchAsync(Port);
            if (shell is null && attempt == Attempts) throw new InvalidOperationException("redis-server found no port.");
        }
    }

    /// <summary>Null if the port is in use.</summary>
    private async Task<Process?> LaunchAsync(int port)
    {
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--dir", folder.Path, "--save", "''", "--appendonly", "yes", "--appendfsync", "always",
            "--daemonize", "no", .. options.Contains("--tls-port") ? ["--port", "0"] : new[] { "--port", $"{port}" },
            .. options.Select(option => option == "PORT" ? $"{port}" : $"'{option}'"),
        ];
        var script = $"""
            '{Find()}' {string.Join(' ', arguments)} 2>&1 &
            server=$!
            read -r end
            kill -KILL $server
            wait $server
            """;
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(Timeout);
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            said.Add(line);
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None); // a full pipe would block it
                return process;
            }

            if (line.Contains("Failed listening", StringComparison.Ordinal)) break;
            if (line.Contains("FATAL", StringComparison.Ordinal)) throw new InvalidOperationException(string.Join('\n', said));
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(limit.Token);
        process.Dispose();
        if (said.Exists(line => line.Contains("in use", StringComparison.Ordinal))) return null;
        throw new InvalidOperationException(string.Join('\n', said));
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); await Task.Delay(5))
        {
            if (watch.Elapsed > Timeout) throw new TimeoutException("the client did not connect again");
        }
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]).Select(place => Path.Combine(place, "redis-server"))
        .FirstOrDefault(File.Exists);
}
