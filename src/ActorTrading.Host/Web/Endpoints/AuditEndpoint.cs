using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint of the last lines of this node's audit log.</summary>
internal static class AuditEndpoint
{
    private const int Limit = 100;
    private const int MaxLimit = 1_000;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        ReadyGate.Always(routes.MapGet("/audit", context => NewestAsync(context, node)).Needs(Need.Admin));

    private static async Task NewestAsync(HttpContext context, Node node)
    {
        if (!Caller.Required(context).MayReadEverySymbol) throw Caller.NotAllowed("The audit log is for those who may see everything.");
        var limit = (int)QueryReader.Number(context, "limit", Limit, 1, MaxLimit);
        var lines = await Task.Run(() => AuditReader.Newest(node.Audit.Folder, limit), context.RequestAborted);
        await Answer.JsonAsync(context, json =>
        {
            json.WriteStartArray("audit");
            foreach (var line in lines) line.WriteTo(json);
            json.WriteEndArray();
        });
    }
}
