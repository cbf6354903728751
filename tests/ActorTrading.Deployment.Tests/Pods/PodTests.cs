using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ActorTrading.Deployment.Tests.Manifests;
using ActorTrading.TestKit;
using k8s.Models;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>The image, run with the manifests: three pods find each other by name, lose one of them, and are all replaced.</summary>
[Collection(ContainerImage.Collection)]
public sealed class PodTests(ContainerImage image) : IDisposable
{
    /// <summary>The environment variable that selects the long form: every order of start.</summary>
    public const string Long = "ACTORTRADING_LONG_TESTS";

    private static readonly int[] LastSeedFirst = [2, 1, 0];

    private readonly CancellationTokenSource limit = new(TimeSpan.FromMinutes(10));

    public void Dispose() => limit.Dispose();

    [SkippableFact]
    public async Task Image_RunsAsItsUserOnARootThatItCannotWrite()
    {
        image.Require();
        await using var network = await PodNetwork.CreateAsync();
        var place = await network.AddAsync();
        var hosts = Path.GetTempFileName();
        network.AddHosts(hosts);
        var tmp = new TemporaryFolder();
        var data = new TemporaryFolder();
        await Tools.OutputAsync("chown", "1654:1654", tmp.Path, data.Path);
        using var container = Container.Start(
            image, place, new ContainerSpec("node", [.. image.Command, "--insecure"], new Dictionary<string, string>(),
                [new Mount(tmp.Path, "/tmp", IsReadOnly: false), new Mount(data.Path, "/data", IsReadOnly: false)], hosts));

        // The health check of the image, in the same network and root.
        var check = image.Config.GetProperty("Healthcheck")
            .GetProperty("Test").EnumerateArray().Select(text => text.GetString()!).ToArray();
        Assert.Equal("CMD", check[0]);
        Assert.Equal(image.Entrypoint, [check[1]]);
        var spec = new ContainerSpec(
            "health", check[2..], new Dictionary<string, string>(), [new Mount(tmp.Path, "/tmp", IsReadOnly: false)], hosts);
        while ((await Container.RunAsync(image, place, spec, limit.Token)).ExitCode != 0)
            Assert.False(container.HasExited, container.Output);

        var status = await File.ReadAllLinesAsync($"/proc/{container.Id}/status", limit.Token);
        Assert.Contains("Uid:\t1654\t1654\t1654\t1654", status);
        Assert.Contains("CapEff:\t0000000000000000", status);
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Contains(
            (await File.ReadAllLinesAsync($"/proc/{container.Id}/mountinfo", limit.Token)).Select(line => line.Split(' ')),
            fields => fields[4] == "/" && fields[5].Split(',')[0] == "ro");
        Assert.Equal(Repository.Read("docker/Dockerfile").Split('\n')
            .Single(line => line.StartsWith("ARG VERSION=", StringComparison.Ordinal))["ARG VERSION=".Length..],
            image.Config.GetProperty("Labels").GetProperty("org.opencontainers.image.version").GetString());

        container.Terminate();
        Assert.Equal(0, await container.EndAsync(limit.Token));
        Assert.Contains("drained; state hash", container.Output, StringComparison.Ordinal);
        File.Delete(hosts);
        tmp.Dispose();
        data.Dispose();
    }

    [SkippableFact]
    public async Task PodThatDiesAndARollingRestart_LoseNothing()
    {
        image.Require();
        await using var cluster = await CreateAsync();
        await StartAsync(cluster, LastSeedFirst);

        // The market of the manifest's Job, shorter and with invalid records, through the Service.
        var job = cluster.Manifests.Rendering.One<V1Job>("market").Spec.Template.Spec;
        var generate = job.InitContainers.Single().Args
            .Select(argument => argument.Replace("/market/", "/data/", StringComparison.Ordinal)).ToList();
        generate[generate.IndexOf("--ticks") + 1] = "30000";
        generate[generate.IndexOf("--rate") + 1] = "2"; // some hours, so that signals fire
        await cluster.RunAsync(limit.Token, [.. generate, "--bad", "0.01"]);
        var feed = job.Containers.Single().Args
            .Select(argument => argument.Replace("/market/", "/data/", StringComparison.Ordinal)).ToArray();
        using var feeding = await cluster.StartAsync(feed);

        using var api = cluster.Network.NewClient(cluster.Clients, isKept: false);
        while ((await cluster.GetAsync(api, "/partitions", limit.Token)).GetProperty("partitions")[0].GetProperty("records").GetInt64()
            == 0) await Task.Delay(100, limit.Token);

        var first = cluster.Pods[1].Address;
        await cluster.Pods[1].KillAsync();
        await cluster.Pods[1].StartAsync();
        await cluster.ReadyAsync(limit.Token);
        Assert.NotEqual(first, cluster.Pods[1].Address);

        // Programs that cannot resend rejected records continue through the Services while every pod is replaced.
        using var rolled = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var posting = PostAsync(cluster, rolled.Token);
        foreach (var pod in cluster.Pods.Reverse())
        {
            Assert.Equal(0, await pod.TerminateAsync(limit.Token));
            await pod.StartAsync();
            await cluster.ReadyAsync(limit.Token);
        }

        await rolled.CancelAsync();
        var posts = await posting;
        Assert.True(posts.Count > 10);
        var lines = await SendLinesAsync(cluster);
        Assert.Equal(0, await feeding.EndAsync(limit.Token));

        // The state of the pods equals a backtest of all sent records.
        await File.WriteAllLinesAsync(cluster.FileOf("posts.ndjson"), posts.Select(Anonymous), limit.Token);
        await File.WriteAllLinesAsync(cluster.FileOf("lines.ndjson"), lines.Select(Anonymous), limit.Token);
        await File.WriteAllLinesAsync(cluster.FileOf("first.ndjson"), PodCluster.FirstRecords, limit.Token);
        using var backtest = JsonDocument.Parse(await cluster.RunAsync(limit.Token,
            "backtest", "/data/market.ndjson.gz", "/data/first.ndjson", "/data/posts.ndjson", "/data/lines.ndjson", "--signals-out",
            "/data/signals.ndjson", "--json"));
        var hash = backtest.RootElement.GetProperty("state_hash").GetString();
        Assert.Equal(hash, (await cluster.GetAsync(api, "/state-hash", limit.Token)).GetProperty("state_hash").GetString());
        var expected = (await File.ReadAllLinesAsync(cluster.FileOf("signals.ndjson"), limit.Token)).Select(IdOf).Order().ToArray();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, (await SignalsAsync(cluster, api)).Order());
        var journal = cluster.Manifests.Journal;
        Assert.Contains("sound", await cluster.RunAsync(limit.Token, "verify", "--journal", journal), StringComparison.Ordinal);

        // A backup of the journal, taken while pods run, gives the same state.
        await cluster.Postgres!.CopyAsync("restored");
        journal = journal.Replace("Database=trading", "Database=restored", StringComparison.Ordinal);
        var restored = await cluster.RunAsync(limit.Token, "verify", "--journal", journal);
        Assert.Contains("sound", restored, StringComparison.Ordinal);
        Assert.Contains(hash!, restored, StringComparison.Ordinal);
        Assert.All(cluster.Pods, pod => Assert.Equal(0, pod.FailedLives));
    }

    [SkippableTheory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    public async Task PodsThatStartInAnyOrder_AreOneCluster(params int[] order)
    {
        Skip.If(Environment.GetEnvironmentVariable(Long) is null, $"a long test: {Long} asks for it");
        image.Require();
        await using var cluster = await CreateAsync();
        await StartAsync(cluster, order);
    }

    private Task<PodCluster> CreateAsync() =>
        PodCluster.CreateAsync(image, async _ => new PodManifests(await Rendering.OfAsync("overlays/local"), [], null), limit.Token);

    /// <summary>
    /// Starts the pods one after another, each when the first probe of the previous one succeeds or it looks for the others. At the end
    /// there is one cluster.
    /// </summary>
    private async Task StartAsync(PodCluster cluster, IReadOnlyList<int> order)
    {
        foreach (var ordinal in order)
        {
            var pod = cluster.Pods[ordinal];
            await pod.StartAsync();
            await pod.LiveAsync(limit.Token);
        }

        using var client = cluster.Network.NewClient(cluster.Clients, isKept: false);
        await cluster.IsOneAsync(client, limit.Token);
    }

    /// <summary>
    /// Sends records like generator C of the replaced systems, one per request and none twice, until it is stopped. Returns the accepted
    /// records.
    /// </summary>
    private async Task<IReadOnlyList<string>> PostAsync(PodCluster cluster, CancellationToken stop)
    {
        var taken = new List<string>();
        using var client = cluster.Network.NewClient(cluster.Clients, isKept: false);
        for (var second = 0; !stop.IsCancellationRequested; second++)
        {
            var record = string.Create(CultureInfo.InvariantCulture,
                $$"""{"stock_symbol":"POSTED","opening_price":100.5,"closing_price":{{101 + (second % 7)}},"high":110,"low":99,"volume":1000,"timestamp":{{1_720_531_200 + second}}}""");
            using var content = new StringContent(record, Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(new Uri(cluster.Api + "/ingest"), content, limit.Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            taken.Add(record);
            await Task.Delay(50, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return taken;
    }

    /// <summary>Sends lines over TCP like a program that does not read acknowledgements, and waits until they are counted.</summary>
    private async Task<IReadOnlyList<string>> SendLinesAsync(PodCluster cluster)
    {
        string[] lines = [.. Enumerable.Range(0, 10).Select(
            second => $$"""{"symbol":"LINES","ts":"2024-07-09T14:30:{{second:00}}Z","price":{{100 + second}},"size":1}""")];
        using var socket = await cluster.Network.ConnectAsync(cluster.Clients, PodCluster.Ticks, 9999, limit.Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), limit.Token);
        socket.Shutdown(SocketShutdown.Send);
        using var client = cluster.Network.NewClient(cluster.Clients, isKept: false);
        while (await CountAsync() < lines.Length) await Task.Delay(50, limit.Token);
        return lines;

        async Task<long> CountAsync() => (await cluster.GetAsync(client, "/symbols", limit.Token)).GetProperty("symbols").EnumerateArray()
            .Where(symbol => symbol.GetProperty("symbol").GetString() == "LINES")
            .Select(symbol => symbol.GetProperty("applied").GetInt64() + symbol.GetProperty("late").GetInt64()).SingleOrDefault();
    }

    private async Task<IReadOnlyList<string>> SignalsAsync(PodCluster cluster, HttpClient client)
    {
        var ids = new List<string>();
        for (var from = 0L; ;)
        {
            var page = await cluster.GetAsync(client, $"/signals?from={from}&limit=1000", limit.Token);
            var signals = page.GetProperty("signals").EnumerateArray().ToArray();
            if (signals.Length == 0) return ids;
            ids.AddRange(signals.Select(signal => signal.GetProperty("id").GetString()!));
            Assert.Equal(
                Enumerable.Range(1, signals.Length).Select(number => from + number),
                signals.Select(signal => signal.GetProperty("position").GetInt64()));
            from = page.GetProperty("next").GetInt64();
        }
    }

    /// <summary>A record without a source as a line of a file; records of a file otherwise have the file as their source.</summary>
    private static string Anonymous(string record) => $$"""{"source":"-",{{record[1..]}}""";

    private static string IdOf(string signal)
    {
        using var json = JsonDocument.Parse(signal);
        return json.RootElement.GetProperty("id").GetString()!;
    }
}
