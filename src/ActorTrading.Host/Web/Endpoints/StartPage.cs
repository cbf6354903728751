using ActorTrading.Host.Dashboard;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint at the root path: the dashboard for browsers; a short description with links for programs.</summary>
internal static class StartPage
{
    private static readonly string[] Paths =
    [
        "/health/ready", "/openapi.json", "/symbols", "/signals", "/ledger", "/partitions", "/cluster", "/shards", "/rejects",
        "/plan", "/state-hash", "/metrics", "/events", "/ws", "/ingest",
    ];

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        ReadyGate.Always(routes.MapMethods("/", HealthEndpoints.Reading, context => AnswerAsync(context, node)).Needs(Need.Nothing))
            .Describe(new Operation(
                "getStart", "What the node is, and the paths of the other endpoints; the dashboard if Accept names text/html.",
                new Response(200, "The node.", Content.Json(nameof(Components.Start)), Content.Text("text/html"))));

    private static Task AnswerAsync(HttpContext context, Node node)
    {
        context.Response.Headers.Append(HeaderNames.Vary, "Accept");
        return PageEndpoints.IsForPage(context.Request) ? PageEndpoints.WritePageAsync(context) : WriteAsync(context, node);
    }

    private static Task WriteAsync(HttpContext context, Node node) => Answer.JsonAsync(context, json =>
    {
        json.WriteString("service", "ActorTrading node");
        json.WriteString("engine", node.Options.Kind.ToString().ToLowerInvariant());
        if (Caller.Of(context) is not null) json.WriteString("version", BuildInfo.Version);
        json.WriteTexts("paths", Paths);
    });
}
