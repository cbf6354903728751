using System.Text.Json;
using ActorTrading.Host.Tests.Connecting;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Tests.Web;

/// <summary>The OpenAPI description matches the interface.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private RunningNode node = null!;
    private JsonElement document;

    /// <summary>The routes, except those of the dashboard's files.</summary>
    private IEnumerable<RouteEndpoint> Described =>
        node.Node.Routes.Where(route => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null);

    public async Task InitializeAsync()
    {
        node = await RunningNode.StartAsync(
            SymbolEndpointTests.Plan, options => options with { Connectors = [new ScriptedConnectorOptions("queue")] });
        document = await node.GetAsync("/openapi.json");
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public void EveryRoute_IsDescribed_AndNoOther()
    {
        var mapped = Described.SelectMany(route =>
            route.Metadata.OfType<HttpMethodMetadata>().SelectMany(methods => methods.HttpMethods)
                .Select(method => $"{method} /{route.RoutePattern.RawText!.TrimStart('/')}"));
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path =>
            path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));

        Assert.Equal(mapped.Order(), described.Order());
    }

    [Fact]
    public void OperationsThatNeedNoRight_AreTheOnesDescribedAsOpen()
    {
        var open = Described.Where(route => route.Metadata.OfType<Need>().Single() == Need.Nothing)
            .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).Distinct();
        var described = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.EnumerateObject().Any(operation => operation.Value.TryGetProperty("security", out _)))
            .Select(path => path.Name);

        Assert.Equal(open.Order(), described.Order());
        Assert.Equal(
            "bearer",
            document.GetProperty("components").GetProperty("securitySchemes").GetProperty("token").GetProperty("scheme").GetString());
    }

    [Fact]
    public void EveryReference_HasItsComponent_AndEveryComponentIsUsed()
    {
        var components = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(one => one.Name);

        Assert.Equal(
            components.Order(),
            References(document).Where(reference => reference.StartsWith("#/components/schemas/", StringComparison.Ordinal))
                .Select(reference => reference.Split('/')[^1]).Distinct().Order());
    }

    [Fact]
    public void EveryOperation_HasAnIdOfItsOwn()
    {
        var ids = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString()).ToList();

        Assert.All(ids, Assert.NotNull);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task EveryMemberOfAnAnswer_IsDescribed()
    {
        string[] lines =
        [
            """{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":99,"size":1}""",
            """{"symbol":"A","ts":"2024-07-09T14:31:00Z","price":101,"size":1}""",
            """{"symbol":"A","ts":"2024-07-09T14:32:00Z","price":101,"size":1}""",
            """{"symbol":"A","ts":"2024-07-09T14:32:00Z","price":-1,"size":1}""",
            """{"symbol":"A","ts":"2024-07-09T14:32:01Z","bid":101,"bid_size":1,"ask":102,"ask_size":1}""",
        ];
        Check("/ingest", "post", await node.PostAsync("/ingest", string.Join('\n', lines)));
        while (node.Node.Hosted.LastSignal < 1) await Task.Yield();
        var id = (await node.GetAsync("/signals")).GetProperty("signals")[0].GetProperty("id").GetString()!;
        foreach (var (template, path) in ((string, string)[])
                 [
                     ("/", ""), ("/session", ""),
                     ("/health/live", ""), ("/health/ready", ""), ("/ledger", ""), ("/partitions", ""), ("/connections", ""), ("/plan", ""),
                     ("/state-hash", ""), ("/symbols", ""), ("/market", ""), ("/symbols/{symbol}", "/symbols/A?at=2024-07-10"),
                     ("/symbols/{symbol}/bars", "/symbols/A/bars?frame=1min&from=2024-07-09&limit=1"),
                     ("/symbols/{symbol}/bars", "/symbols/A/bars?frame=1min&limit=1"),
                     ("/symbols/{symbol}/plan", "/symbols/A/plan"), ("/symbols/{symbol}/ticks", "/symbols/A/ticks"),
                     ("/symbols/{symbol}/summary", "/symbols/A/summary"), ("/signals", ""), ("/webhooks", ""), ("/connectors", ""),
                     ("/explain", $"/explain?signal={Uri.EscapeDataString(id)}"), ("/subscriptions", ""),
                 ])
            Check(template, "get", await node.GetAsync(path.Length > 0 ? path : template));
    }

    /// <summary>Checks that every member of a GET response is described.</summary>
    internal static Task CheckAsync(RunningNode node, string path, JsonElement answer) => CheckAsync(node, path, "get", answer);

    /// <summary>The same for another method.</summary>
    internal static async Task CheckAsync(RunningNode node, string path, string method, JsonElement answer) =>
        new OpenApiTests { node = node, document = await node.GetAsync("/openapi.json") }.Check(path, method, answer);

    /// <summary>The same for a parsed document.</summary>
    internal static void Check(JsonElement document, string path, JsonElement answer) =>
        new OpenApiTests { document = document }.Check(path, "get", answer);

    private void Check(string path, string method, JsonElement answer)
    {
        var content = document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty("200")
            .GetProperty("content");
        Check(content.GetProperty("application/json").GetProperty("schema"), answer, path);
    }

    private void Check(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(
                document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), value, place);
            return;
        }

        if (!schema.EnumerateObject().Any()) return; // the schema {} is that of any value
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) Check(schema.GetProperty("items"), item, place + "[]");
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var described))
                    Check(described, member.Value, $"{place}.{member.Name}");
                else if (!schema.TryGetProperty("additionalProperties", out var any))
                    Assert.Fail($"{place}.{member.Name} is not described.");
                else if (any.ValueKind == JsonValueKind.Object) Check(any, member.Value, $"{place}.{member.Name}");
            }
        }
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
