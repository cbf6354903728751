using ActorTrading.Host.Nodes;
using ActorTrading.Host.Telemetry.Prometheus;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint of the Prometheus metrics. Available from the start, so that a long recovery can be monitored.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        ReadyGate.Always(routes.MapGet("/metrics", context => WriteAsync(context, node)).Needs(Need.ReadAll)).Describe(
            new Operation(
                "getMetrics", "The metrics in the Prometheus text format.",
                new Response(200, "The metrics.", Content.Text("text/plain"))));

    private static async Task WriteAsync(HttpContext context, Node node)
    {
        var page = await node.Telemetry.PageAsync(context.RequestAborted);
        context.Response.ContentType = PrometheusPage.ContentType;
        context.Response.ContentLength = page.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.BodyWriter.WriteAsync(page, context.RequestAborted);
    }
}
