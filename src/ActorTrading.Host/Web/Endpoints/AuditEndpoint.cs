using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint of the last lines of this node's audit log.</summary>
internal static class AuditEndpoint
{
    private static readonly NumberParameter Limit = new("limit", "The most lines to list.", 1, 1_000, Default: 100);

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        ReadyGate.Always(routes.MapGet("/audit", context => NewestAsync(context, node)).Needs(Need.Admin)).Describe(
            new Operation(
                "getAudit", "The last lines of this node's audit log, newest first: changes and refused requests, with their callers.",
                Response.Json(nameof(Components.Audit), "The lines.")) { Parameters = [Limit] });

    private static async Task NewestAsync(HttpContext context, Node node)
    {
        if (!Caller.Required(context).MayReadEverySymbol) throw Caller.NotAllowed("The audit log requires the right to read every symbol.");
        var limit = (int)QueryReader.Number(context, Limit);
        var lines = await Task.Run(() => AuditReader.Newest(node.Audit.Folder, limit), context.RequestAborted);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("audit");
            foreach (var line in lines) line.WriteTo(json);
            json.WriteEndArray();
        });
    }
}
