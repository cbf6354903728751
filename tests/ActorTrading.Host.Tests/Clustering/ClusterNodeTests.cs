using ActorTrading.Domain.Values;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Tests.Telemetry;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Engines;
using ActorTrading.TestKit.Folding;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTrading.Host.Tests.Clustering;

/// <summary>A node with the cluster engine: records reach the engine, and its output equals that of a single node.</summary>
public sealed class ClusterNodeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EverySettingOfTheCluster_ReachesTheEngine()
    {
        var told = NodeSettings.Read(Write("node.json", """
            {
              "journal": "Host=db;Database=trading",
              "engine": { "kind": "cluster", "snapshot_every": 7, "signal_snapshot_every": 8, "signal_tail": 9, "live_buffer": 10 },
              "cluster": {
                "name": "desk", "host": "10.0.0.1", "bind": "10.0.0.2", "allow_unencrypted": true, "port": 4060, "roles": "symbols", "seeds": "10.0.0.1:4060", "shards": 12, "window_records": 13,
                "window_symbols": 14, "resend_after_ms": 1500, "passivate_after_ms": 16000, "stop_patience_ms": 17, "start_patience_ms": 18, "ask_patience_ms": 19,
                "region_patience_ms": 20000, "write_patience_ms": 21000
              }
            }
            """), new Dictionary<string, string?>());
        var reached = told.Cluster with { Journal = told.JournalAddress };
        reached.Validate();
        Assert.Equal(
            ("Host=db;Database=trading", "desk", "10.0.0.1", 4060, 12),
            (reached.Journal, reached.Name, reached.Host, reached.Port, reached.Shards));
        Assert.Equal(("10.0.0.2", true), (reached.ListenAddress.ToString(), reached.AllowUnencrypted));
        Assert.Equal(["symbols", "10.0.0.1:4060"], reached.Roles.Concat(reached.Seeds));
        Assert.Equal((7, 8, 9, 10), (reached.SnapshotEvery, reached.SignalSnapshotEvery, reached.SignalTail, reached.LiveBuffer));
        Assert.Equal(
            (13, 14, 1_500, 16_000),
            (reached.WindowRecords, reached.WindowSymbols, reached.ResendAfter.TotalMilliseconds,
                reached.PassivateAfter.TotalMilliseconds));
        Assert.Equal((20_000, 21_000), (reached.RegionPatience.TotalMilliseconds, reached.WritePatience.TotalMilliseconds));
        Assert.Equal(
            (17, 18, 19),
            (reached.StopPatience.TotalMilliseconds, reached.StartPatience.TotalMilliseconds, reached.AskPatience.TotalMilliseconds));
    }

    [Fact]
    public void EncryptionBetweenNodes_ReachesTheEngine_AndIsMissedWhereOthersCanReachThePort()
    {
        const string Port =
            "every machine that reaches 10.0.0.2:4053 can be a node, and nodes do not encrypt (cluster:tls_certificate)";
        var file = Write(
            "node.json",
            """{ "engine": { "kind": "cluster" }, "cluster": { "host": "10.0.0.1", "bind": "10.0.0.2", "tls_certificate": "node.crt", "tls_ca": "ca.crt" } }""");
        var options = NodeSettings.Read(file, new Dictionary<string, string?>
        {
            ["cluster:tls_key"] = "node.key", ["cluster:tls_name"] = "node.cluster",
            ["cluster:tls_subscriber_name"] = "subscriber.cluster", ["cluster:tls_roles"] = "true",
        });
        Assert.Equal(
            new Cluster.NodeTls
            {
                Certificate = "node.crt", Key = "node.key", Authority = "ca.crt", Name = "node.cluster",
                SubscriberName = "subscriber.cluster", Roles = true,
            },
            options.Cluster.Tls);
        Assert.Null(options.Exposure);
        Assert.Equal(Port, (options with { Cluster = options.Cluster with { Tls = null } }).Exposure);
        Assert.Null((options with { Cluster = new NodeOptions().Cluster }).Exposure);
    }

    [Fact]
    public void EncryptionBetweenNodes_WithoutWhatItNeeds_IsRefused()
    {
        var refused = Assert.Throws<CommandException>(
            () => NodeSettings.Read(null, new Dictionary<string, string?> { ["cluster:tls_key"] = "node.key" }));
        Assert.Equal(
            ["cluster:tls_certificate: is missing, but other settings of encryption between nodes are set",
                "cluster:tls_ca: is missing; it names the authorities of node certificates"],
            refused.Message.Split(Environment.NewLine));
        var pretended = Assert.Throws<CommandException>(() => NodeSettings.Read(null, new Dictionary<string, string?>
        {
            ["cluster:tls_certificate"] = "node.crt", ["cluster:tls_ca"] = "ca.crt",
            ["cluster:tls_subscriber_name"] = "subscriber.cluster", ["cluster:tls_roles"] = "true",
        }));
        Assert.Equal(
            [
                "cluster:tls_subscriber_name needs cluster:tls_name: without it, subscribers cannot be distinguished from nodes",
                "cluster:tls_roles needs cluster:tls_name, from which the role names are built",
            ],
            pretended.Message.Split(Environment.NewLine));
    }

    [Fact]
    public async Task CertificateOfANode_ThatIsNotThere_IsNamed()
    {
        var refused = await Assert.ThrowsAsync<CommandException>(() => StartAsync(options => options with
        {
            Cluster = options.Cluster with { Tls = new Cluster.NodeTls { Certificate = "absent.crt", Authority = "absent-ca.crt" } },
        }));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("absent.crt", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingSaid_IsTheEnginesOwn()
    {
        var own = new Cluster.ClusterOptions { Journal = "", Port = NodeOptions.DefaultClusterPort };
        Assert.Equal(own, new NodeOptions().Cluster);
    }

    [Theory]
    [InlineData("keep_days", "7", 7, false)]
    [InlineData("delete_covered_events", "true", null, true)]
    public void DeletingOfEvents_IsToldToTheCluster(string setting, string value, int? days, bool deletes)
    {
        var options = NodeSettings.Read(
            Write("node.json", $$"""{ "engine": { "kind": "cluster", "{{setting}}": "{{value}}" } }"""),
            new Dictionary<string, string?>()).Cluster;
        Assert.Equal((days, deletes), (options.KeepDays, options.DeleteCoveredEvents));
    }

    [Fact]
    public async Task ProgramBuiltOnTheHost_AddsToTheActorSystem()
    {
        Cluster.ClusterEngine? given = null;
        await using var running = await StartAsync(options => options with
        {
            Configure = (akka, services) =>
            {
                given = services.GetRequiredService<Cluster.ClusterEngine>();
                akka.WithActors((system, _) => system.ActorOf(Props.Create(() => new Echo()), "console"));
            },
        });
        Assert.Same(running.Node.Engine, given);
        Assert.Equal("hello", await given!.System.ActorSelection("/user/console").Ask<string>("hello", EngineReading.Timeout));
    }

    [Fact]
    public async Task NodeThatSomethingElseTellsToLeave_StopsItsHost_AndDrains()
    {
        await using var running = await StartAsync(options => options);
        await running.PostAsync("/ingest", """{"symbol":"AAPL","ts":"2024-07-09T14:35:00Z","price":227.99,"size":100}""");
        var stopping = new TaskCompletionSource();
        await using var registered = running.Node.Stopping.Register(stopping.SetResult);
        var leaving = CoordinatedShutdown.Get(running.Node.Cluster!.System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        await stopping.Task.WaitAsync(EngineReading.Timeout);
        Assert.False(leaving.IsCompleted); // it waits for the host
        Assert.Null(running.Node.Hosted.Failure);

        await running.Node.StopAsync();
        await leaving.WaitAsync(EngineReading.Timeout);
        Assert.Null(running.Node.Hosted.Failure);
        Assert.Equal(NodePhase.Draining, running.Node.Phase);
    }

    [Fact]
    public async Task FileOfHocon_GoesBeforeOurSettings()
    {
        var hocon = Write("own.hocon", "akka.remote.dot-netty.tcp.public-port = 45678");
        await using var running = await StartAsync(options => options with { HoconFile = hocon });
        Assert.Equal("127.0.0.1:45678", running.Node.Hosting!.Address);
    }

    [Theory]
    [InlineData("akka.cluster.shards = ${absent}", "Hocon")]
    [InlineData(null, "own.hocon")]
    public async Task FileOfHocon_ThatCannotBeRead_IsNamed(string? text, string named)
    {
        var hocon = text is null ? Path.Combine(folder.Path, "absent", "own.hocon") : Write("own.hocon", text);
        var refused = await Assert.ThrowsAsync<CommandException>(
            () => StartAsync(options => options with { HoconFile = hocon }));
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AreThoseOfANodeAlone_AndCountWhatWasFolded()
    {
        var inputs = HostileMarkets.Stream(seed: 3, count: 2_000, step: Timestamp.Second);
        await using var alone = await RunningNode.StartAsync(TestPlans.All["every frame"].ToJson());
        await using var clustered = await StartAsync(options => options, TestPlans.All["every frame"].ToJson());
        var expected = await PageAsync(alone);
        var page = await PageAsync(clustered);
        Assert.Empty(Own(expected).Except(Own(page)));
        Assert.True(Count(page, "actortrading_journal_commit_duration_seconds") > 20);
        Assert.True(Count(page, "actortrading_journal_commit_size_bytes") > 20);
        Assert.Equal(0, page["actortrading_engine_waiting_batches"].Samples.Single().Value);

        await clustered.RestartAsync();
        var records = page["actortrading_partition_records_total"].Samples.Single().Value;
        var recovered = await ReadAsync(clustered);
        Assert.InRange(recovered["actortrading_recovery_records"].Samples.Single().Value, 1, records);
        Assert.True(recovered["actortrading_recovery_events"].Samples.Single().Value > 0);
        Assert.True(recovered["actortrading_recovery_duration_seconds"].Samples.Single().Value > 0);
        Assert.Equal(clustered.Node.Hosted.LastSignal, recovered["actortrading_signals_position"].Samples.Single().Value);

        async Task<IReadOnlyDictionary<string, Metric>> PageAsync(RunningNode running)
        {
            await EngineReading.SendAsync(running.Node.Engine, inputs, 50);
            return await ReadAsync(running);
        }
    }

    private static async Task<IReadOnlyDictionary<string, Metric>> ReadAsync(RunningNode running) =>
        PrometheusChecker.Read(await running.Client.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative)));

    private static List<string> Own(IReadOnlyDictionary<string, Metric> page) =>
        [.. page.Keys.Where(name => name.StartsWith("actortrading_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static double Count(IReadOnlyDictionary<string, Metric> page, string histogram) =>
        page[histogram].Samples.Single(sample => sample.Name.EndsWith("_count", StringComparison.Ordinal)).Value;

    private static Task<RunningNode> StartAsync(Func<NodeOptions, NodeOptions> change, string? plan = null) =>
        RunningNode.StartAsync(plan, options => change(options with
        {
            Kind = EngineKind.Cluster,
            Cluster = options.Cluster with { Port = 0 },
        }));

    private string Write(string name, string text)
    {
        var path = folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }
}
