using System.CommandLine;
using System.Globalization;
using ActorTrading.Host.Api;
using ActorTrading.Host.Clustering;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>cluster</c>: runs several nodes on this machine, and controls them from other terminals.</summary>
internal static class ClusterCommand
{
    private const string DefaultData = "actortrading-cluster";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = $"The folder of the cluster. Default: {DefaultData}.", HelpName = "DIR", DefaultValueFactory = _ => DefaultData,
            Recursive = true,
        };
        var nodes = new Option<int>("--nodes")
        {
            Description = "Number of nodes at the start, 1 to 16.", HelpName = "N", DefaultValueFactory = _ => 3,
        };
        nodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 16) result.AddError("--nodes: 1 to 16.");
        });
        var postgres = new Option<string?>("--postgres")
        {
            Description = "A PostgreSQL database for the journal, instead of a file in the folder (password: PGPASSWORD).",
            HelpName = "CONNECTION",
        };
        var plan = new Option<string?>("--plan")
        {
            Description = "Plan as JSON. Default: the default plan.", HelpName = "PLAN.json",
        };
        var config = new Option<string?>("--config")
        {
            Description = "Settings file as JSON, for every node: encryption, certificates, access rules and so on; "
                + "see docs/command-line.md.", HelpName = "NODE.json",
        };
        var demo = new Option<bool>("--demo") { Description = "Feed the cluster a generated market." };
        var command = new Command(
            "cluster",
            "Run a cluster on this machine: one process per node on loopback, one merged log. Ctrl-C drains and stops all nodes.")
        {
            data, nodes, postgres, plan, config, demo,
        };
        command.SetAction((parsed, cancellation) =>
        {
            // Read here first, so that a settings error is reported once and not by each node.
            var settings = NodeSettings.Read(parsed.GetValue(config), new Dictionary<string, string?>());
            var isDemo = parsed.GetValue(demo);
            if (isDemo && (settings.Tls is not null || settings.Access is not null))
                throw new CommandException(
                    ExitCode.Usage, "--demo sends without encryption and token: remove tls and access, or send with: actortrading feed");
            if (settings.Cluster.Roles != Role.All) // another list was given
            {
                throw new CommandException(
                    ExitCode.Usage, "cluster:roles: nodes of this command have all roles; for others, use: actortrading node");
            }
            return RunAsync(
                new LocalClusterOptions(
                    parsed.GetRequiredValue(data), parsed.GetValue(nodes), parsed.GetValue(postgres), parsed.GetValue(plan),
                    Settings: parsed.GetValue(config), IsEncrypted: settings.Tls is not null),
                isDemo, cancellation);
        });
        command.Add(Status(data));
        command.Add(ForNode("kill", "Kill a node with SIGKILL, as a power failure would.", data, (file, number, _, _) =>
        {
            using var process = System.Diagnostics.Process.GetProcessById(file.Running(number).Process);
            process.Kill();
            return Task.CompletedTask;
        }).WithExamples("actortrading cluster kill 2"));
        var credentials = new Credentials();
        var drain = ForNode(
            "drain", "Drain a node: it hands over its symbols, leaves and stops. Returns when it has ended.", data,
            async (file, number, parsed, cancellation) =>
            {
                var node = file.Running(number);
                if (!NodeProcess.Drain(node.Process)) throw new CommandException(ExitCode.NoNode, $"Node {number} cannot be signalled.");
                while (node.IsAlive) await Task.Delay(PollInterval, cancellation);
                Console.Out.WriteLine($"node {number} has drained");
                await PrintHashAsync(
                    file.Nodes.Where(other => other.Number != number), other => Open(other, credentials, parsed), cancellation);
            }).WithExamples("actortrading cluster drain 2");
        credentials.AddTo(drain);
        command.Add(drain);
        command.Add(Join(data));
        return command.WithExamples("actortrading cluster --demo\nactortrading cluster --nodes 5 --postgres "
            + "\"Host=127.0.0.1;Database=trading;Username=trader\"\nactortrading cluster kill 2\nactortrading cluster join");
    }

    private static async Task<int> RunAsync(LocalClusterOptions options, bool isDemo, CancellationToken cancellation)
    {
        var log = new MergedLog(
            SafeOutput.RawOut, !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "");
        await using var cluster = await LocalCluster.StartAsync(options, log.Write, cancellation);
        foreach (var node in cluster.Ready)
            log.Write(0, $"node {node.Number}: ticks {node.Ticks}, API {node.Http}, cluster {node.Cluster}, process {node.Process}");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var market = isDemo ? new ClusterMarket(cluster, log).RunAsync(over.Token) : Task.Delay(Timeout.Infinite, over.Token);
        try
        {
            await await Task.WhenAny(cluster.RunAsync(cancellation), market);
            log.Write(0, "no node is left");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            log.Write(0, "all nodes drain and stop");
        }

        await over.CancelAsync();
        await cluster.StopAsync(CancellationToken.None);
        return ExitCode.Ok;
    }

    private static Command Status(Option<string> data)
    {
        var command = new Command("status", "List the nodes of the cluster in this folder: process, addresses, health, symbols, records, "
            + "lag; and the state hash over all symbols.");
        var credentials = new Credentials();
        credentials.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var file = ClusterFile.Read(parsed.GetRequiredValue(data));
            var rows = await Task.WhenAll(file.Nodes.Select(node => RowAsync(node, node => Open(node, credentials, parsed), cancellation)));
            if (rows.Length == 0) throw new CommandException(ExitCode.NoNode, "No node is running.");
            JsonTables.PrintRows(
                ["node", "process", "state", "ticks", "api", "cluster", "symbols", "records", "lag_seconds"], rows, Console.Out);
            await PrintHashAsync(file.Nodes, node => Open(node, credentials, parsed), cancellation);
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading cluster status");
    }

    private static NodeApi Open(ClusterMember node, Credentials credentials, ParseResult parsed)
    {
        var address = new Uri(node.Http);
        return new NodeApi(
            address, credentials.Token(parsed, address.Host, address.Scheme == Uri.UriSchemeHttps), credentials.Authorities(parsed),
            credentials.Certificate(parsed));
    }

    private static async Task<IReadOnlyList<string>> RowAsync(
        ClusterMember node, Func<ClusterMember, NodeApi> open, CancellationToken cancellation)
    {
        string[] known = [node.Number.ToString(CultureInfo.InvariantCulture), node.Process.ToString(CultureInfo.InvariantCulture)];
        string[] addresses = [node.Ticks, node.Http, node.Cluster];
        if (!node.IsAlive) return [.. known, "ended", .. addresses, "", "", ""];
        if (!node.IsReady) return [.. known, "starting", .. addresses, "", "", ""];
        try
        {
            using var api = open(node);
            using var answer = await api.GetAsync("partitions", cancellation);
            var part = answer.RootElement.GetProperty("partitions")[0];
            return [.. known, await IsReadyAsync(api, cancellation) ? "ready" : "not ready", .. addresses,
                JsonTables.Spell(part, "symbols"), JsonTables.Spell(part, "records"), JsonTables.Spell(part, "lag_seconds")];
        }
        catch (CommandException)
        {
            return [.. known, "silent", .. addresses, "", "", ""];
        }
    }

    private static async Task<bool> IsReadyAsync(NodeApi api, CancellationToken cancellation)
    {
        try
        {
            using var answer = await api.GetAsync("health/ready", cancellation);
            return true;
        }
        catch (CommandException)
        {
            return false; // it answers: not ready
        }
    }

    /// <summary>Prints the state hash of all symbols from the first node that answers; nothing when none does.</summary>
    private static async Task PrintHashAsync(
        IEnumerable<ClusterMember> nodes, Func<ClusterMember, NodeApi> open, CancellationToken cancellation)
    {
        foreach (var node in nodes.Where(node => node is { IsReady: true, IsAlive: true }))
        {
            try
            {
                using var api = open(node);
                using var answer = await api.GetAsync("state-hash", cancellation);
                Console.Out.Say($"state hash {JsonTables.Spell(answer.RootElement, "state_hash")}");
                return;
            }
            catch (CommandException)
            {
                // Try the next node.
            }
        }
    }

    private static Command ForNode(
        string name, string description, Option<string> data, Func<ClusterFile, int, ParseResult, CancellationToken, Task> act)
    {
        var number = new Argument<int>("N") { Description = "Node number, as printed by cluster status." };
        var command = new Command(name, description) { number };
        command.SetAction(async (parsed, cancellation) =>
        {
            await act(ClusterFile.Read(parsed.GetRequiredValue(data)), parsed.GetValue(number), parsed, cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Join(Option<string> data)
    {
        var command = new Command(
            "join", "Start one more node, or one that has ended, with the lowest free number. Returns when it accepts records.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(data);
            var before = ClusterFile.Read(folder).Nodes.Select(node => node.Process).ToHashSet();
            ClusterFile.AskForNode(folder);
            ClusterMember? joined = null;
            while (joined is not { IsReady: true })
            {
                await Task.Delay(PollInterval, cancellation);
                var now = ClusterFile.Read(folder);
                if (!IsRunning(now.Supervisor)) throw new CommandException(ExitCode.NoNode, $"{folder}: its cluster is not running.");
                var seen = now.Nodes.FirstOrDefault(node => !before.Contains(node.Process));
                if (joined is not null && seen is null)
                    throw new CommandException(ExitCode.NoNode, $"Node {joined.Number} did not start; see the log of the cluster.");
                joined = seen;
            }

            Console.Out.WriteLine(
                $"node {joined.Number}: ticks {joined.Ticks}, API {joined.Http}, cluster {joined.Cluster}, process {joined.Process}");
            return ExitCode.Ok;
        });
        return command.WithExamples("actortrading cluster join");
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
