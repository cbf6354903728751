using System.Net;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host;
using ActorTrading.Host.Clustering;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Simulation;

namespace ActorTrading.Lab.Hostile;

/// <summary>The node under test, in its own process, with access rules, on loopback.</summary>
internal sealed class HostileNode : IDisposable
{
    /// <summary>Rules on one-second bars that fire often, so that there are enough signals to measure.</summary>
    private const string Plan =
        """
        {"frames":["1s","1min"],"indicators":["ema(5)"],
         "rules":["buy when close crosses above ema(5) on 1s","sell when close crosses below ema(5) on 1s",
          "alert when close > open on 1s","alert when close < open on 1s"]}
        """;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly ReservedPort[] ports;

    private HostileNode(NodeProcess process, Victim victim, string folder, ReservedPort[] ports) =>
        (Process, Victim, Folder, this.ports) = (process, victim, folder, ports);

    /// <summary>The process of the node.</summary>
    public NodeProcess Process { get; }

    /// <summary>The addresses of the node.</summary>
    public Victim Victim { get; }

    /// <summary>The data folder of the node.</summary>
    public string Folder { get; }

    /// <summary>The plan of the node.</summary>
    public static string PlanText => Plan;

    /// <summary>Starts the node and waits until it listens.</summary>
    /// <exception cref="CommandException">The node does not start.</exception>
    public static async Task<HostileNode> StartAsync(HostileOptions options, CancellationToken cancellation)
    {
        var (rules, plan, data) = (
            Path.Combine(options.Data, "rules.json"), Path.Combine(options.Data, "plan.json"), Path.Combine(options.Data, "node"));
        await File.WriteAllTextAsync(rules, Victim.Rules, cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(rules, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(plan, Plan, cancellation);
        Directory.CreateDirectory(data);

        var isCluster = options.Engine == EngineKind.Cluster;
        ReservedPort[] ports = [ReservedPort.Any(), ReservedPort.Any(), ReservedPort.Any()];
        var (ticks, http, nodes) = (Address(ports[0]), Address(ports[1]), Address(ports[2]));
        List<string> arguments =
        [
            "--engine", isCluster ? "cluster" : "embedded", "--data", data, "--plan", plan, "--access", rules, "--port", $"{ticks.Port}",
                "--http-port", $"{http.Port}",
        ];
        if (isCluster) arguments.AddRange(["--cluster-port", $"{nodes.Port}"]);
        var process = NodeProcess.Start(Product.Program, arguments);
        var node = new HostileNode(process, new Victim(ticks, http, isCluster ? nodes : null), data, ports);
        try
        {
            await process.Listening.WaitAsync(Timeout, cancellation);
            await node.HasHealthAsync(cancellation);
            return node;
        }
        catch (Exception failed) when (failed is IOException or TimeoutException)
        {
            node.Dispose();
            throw new CommandException(ExitCode.NoNode, $"The node did not start: {string.Join('\n', process.Lines.TakeLast(10))}");
        }
    }

    /// <summary>Sends the long history of a symbol; returns when all of it is durable.</summary>
    public async Task SendHistoryAsync(int records, CancellationToken cancellation)
    {
        await using var client = new FeedClient(new FeedOptions
        {
            Host = Victim.Ticks.Address.ToString(), Port = Victim.Ticks.Port, Source = Source.Parse("past"), Token = Victim.PastToken,
                Binary = true,
        });
        var market = MarketGenerator.Generate(
            new MarketOptions { Symbols = 1, Names = [Victim.LongSymbol], Ticks = records, Step = Timestamp.Second, Source = "past" });
        foreach (var block in market.Chunk(2_000)) await client.SendAsync(block.ToArray<Record>(), cancellation);
        await client.FlushAsync(cancellation).WaitAsync(Timeout, cancellation);
    }

    public void Dispose()
    {
        Process.Dispose();
        foreach (var port in ports) port.Dispose();
    }

    private static IPEndPoint Address(ReservedPort port) => new(IPAddress.Loopback, port.Number);

    /// <summary>Waits for the HTTP port, which opens shortly after the tick port.</summary>
    private async Task HasHealthAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = Victim.Api };
        for (var until = DateTime.UtcNow + Timeout; ; await Task.Delay(50, cancellation))
        {
            try
            {
                using var answer = await http.GetAsync("health/ready", cancellation);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) when (DateTime.UtcNow < until)
            {
                // Not yet available.
            }

            if (DateTime.UtcNow > until) throw new TimeoutException();
        }
    }
}
