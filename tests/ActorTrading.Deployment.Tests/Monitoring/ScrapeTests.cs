using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorTrading.TestKit;

namespace ActorTrading.Deployment.Tests.Monitoring;

/// <summary>
/// A real Prometheus scrapes three nodes of a cluster: every query of the dashboard has data, and every rule can be evaluated.
/// </summary>
public sealed partial class ScrapeTests : IDisposable
{
    private const int SigTerm = 15;

    private readonly CancellationTokenSource limit = new(TimeSpan.FromMinutes(6));
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        limit.Dispose();
        folder.Dispose();
    }

    [SkippableFact]
    public async Task EveryQueryOfTheBoard_HasDataFromARunningCluster()
    {
        var program = Tools.Find("prometheus");
        var output = new ConcurrentQueue<string>();
        using var cluster = Start(
            "dotnet", output, Path.Combine(AppContext.BaseDirectory, "actortrading.dll"), "cluster", "--demo", "--data",
            folder.File("cluster"));
        Process? prometheus = null;
        try
        {
            var nodes = await NodesAsync(cluster, output);
            var address = $"127.0.0.1:{FreePort.Next()}";
            await File.WriteAllTextAsync(folder.File("prometheus.yaml"), $$"""
                global: { scrape_interval: 1s, evaluation_interval: 1s }
                rule_files: ["{{Repository.PathOf("monitoring/rules.yaml")}}"]
                scrape_configs:
                  - job_name: actortrading
                    static_configs: [{ targets: [{{string.Join(", ", nodes.Select(node => $"\"{node.Authority}\""))}}] }]
                """, limit.Token);
            prometheus = Start(
                program, new ConcurrentQueue<string>(), $"--config.file={folder.Path}/prometheus.yaml",
                $"--storage.tsdb.path={folder.Path}/data", $"--web.listen-address={address}");

            // A subscriber and a rejected record: a count of zero has no series.
            using var client = new HttpClient();
            using var events = await client.GetAsync(
                new Uri(nodes[0], "events?topics=signals"), HttpCompletionOption.ResponseHeadersRead, limit.Token);
            using var bad = new StringContent("""{"symbol":"AAPL","ts":"2024-07-09T14:30:00Z","price":-1,"size":1}""", Encoding.UTF8);
            using var refused = await client.PostAsync(new Uri(nodes[0], "ingest"), bad, limit.Token);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);

            var waiting = Board.Queries().ToList();
            Assert.True(waiting.Count > 25);
            while (waiting.Count > 0)
            {
                for (var index = waiting.Count - 1; index >= 0; index--)
                {
                    if (await HasDataAsync(client, address, waiting[index].Expression)) waiting.RemoveAt(index);
                }

                Assert.False(cluster.HasExited || prometheus.HasExited, string.Join('\n', output));
                if (limit.IsCancellationRequested) Assert.Fail("no data: " + string.Join('\n', waiting));
                await Task.Delay(500, CancellationToken.None);
            }

            var rules = (await AskAsync(client, $"http://{address}/api/v1/rules")).GetProperty("data").GetProperty("groups")
                .EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray()).ToArray();
            Assert.NotEmpty(rules);
            Assert.All(rules, rule => Assert.Equal("ok", rule.GetProperty("health").GetString()));
            Assert.All(
                rules.Where(rule => rule.GetProperty("type").GetString() == "alerting"),
                rule => Assert.Equal("inactive", rule.GetProperty("state").GetString()));
        }
        finally
        {
            await EndAsync(prometheus);
            await EndAsync(cluster);
        }
    }

    private static Process Start(string program, ConcurrentQueue<string> output, params string[] arguments)
    {
        var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task EndAsync(Process? process)
    {
        if (process is null) return;
        if (!process.HasExited) _ = SendSignal(process.Id, SigTerm);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    /// <summary>The addresses of the nodes' APIs, when all are ready.</summary>
    private async Task<Uri[]> NodesAsync(Process cluster, ConcurrentQueue<string> output)
    {
        while (true)
        {
            Uri[] nodes = [.. output.Select(line => NodeLine().Match(line)).Where(match => match.Success)
                .Select(match => new Uri(match.Groups[1].Value + "/"))];
            if (nodes.Length == 3) return nodes;
            Assert.False(cluster.HasExited, string.Join('\n', output));
            await Task.Delay(100, limit.Token);
        }
    }

    private async Task<bool> HasDataAsync(HttpClient client, string prometheus, string expression)
    {
        var answer = await AskAsync(client, $"http://{prometheus}/api/v1/query?query={Uri.EscapeDataString(expression)}");
        if (answer.ValueKind == JsonValueKind.Undefined) return false;
        Assert.True(answer.GetProperty("status").GetString() == "success", $"{expression}: {answer}");
        return answer.GetProperty("data").GetProperty("result").EnumerateArray()
            .Any(result => result.GetProperty("value")[1].GetString() != "NaN");
    }

    /// <summary>The response of Prometheus; nothing until it listens.</summary>
    private async Task<JsonElement> AskAsync(HttpClient client, string address)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(address), limit.Token);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(limit.Token));
            return json.RootElement.Clone();
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return default;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    [GeneratedRegex(@"^cluster \| node \d+: .*API (http://[^,]+),")]
    private static partial Regex NodeLine();
}
