using System.Net;
using System.Text;
using System.Text.Json;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.TestKit;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Tests;

/// <summary>A node in the test process, on its own ports, in a folder that is deleted with it.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly TemporaryFolder folder;

    private RunningNode(TemporaryFolder folder, Node node)
    {
        this.folder = folder;
        Node = node;
        Client = new HttpClient { BaseAddress = Reachable(node.Http[0]) };
    }

    public Node Node { get; private set; }

    public HttpClient Client { get; private set; }

    public static async Task<RunningNode> StartAsync(
        string? plan = null, Func<NodeOptions, NodeOptions>? change = null, ILogger? logger = null)
    {
        var folder = new TemporaryFolder();
        var options = Options(folder.Path);
        if (plan is not null)
        {
            options = options with { Plan = folder.File("plan.json") };
            await File.WriteAllTextAsync(options.Plan, plan);
        }

        return new RunningNode(
            folder, await Node.StartAsync(change?.Invoke(options) ?? options, logger is null ? null : new Logging.NodeLoggers(logger)));
    }

    public static NodeOptions Options(string folder) =>
        new() { Data = Path.Combine(folder, "data"), Kind = EngineKind.Embedded, Port = 0, HttpPorts = [0] };

    /// <summary>Stops it at once, like a crash, and starts it again with the durable data.</summary>
    public async Task RestartAsync()
    {
        await Node.DisposeAsync();
        Client.Dispose();
        Node = await Node.StartAsync(Node.Options);
        Client = new HttpClient { BaseAddress = Reachable(Node.Http[0]) };
    }

    /// <summary>The response of a path, which must have that status.</summary>
    public async Task<JsonElement> GetAsync(string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(answer, status);
    }

    /// <summary>The response to a POST of a text.</summary>
    public async Task<JsonElement> PostAsync(string path, string text, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        using var answer = await Client.PostAsync(new Uri(path, UriKind.Relative), content);
        return await ReadAsync(answer, status);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        var type = status == HttpStatusCode.OK ? "application/json" : answer.Content.Headers.ContentType?.MediaType;
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    /// <summary>An address to connect to, for one that a node listens on.</summary>
    private static Uri Reachable(Uri address) =>
        address.Host == IPAddress.Any.ToString() ? new UriBuilder(address) { Host = IPAddress.Loopback.ToString() }.Uri : address;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Node.DisposeAsync();
        folder.Dispose();
    }
}
