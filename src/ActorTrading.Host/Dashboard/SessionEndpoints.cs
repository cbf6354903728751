using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Dashboard;

/// <summary>Who the browser is to the node, and what it may do.</summary>
internal static class SessionEndpoints
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node) =>
        ReadyGate.Always(routes.MapGet("/session", context => Answer.JsonAsync(context, json =>
        {
            var caller = node.Access is null ? Caller.Anybody : Caller.Of(context);
            json.WriteBoolean("rules", node.Access is not null);
            json.WriteString("name", caller?.Grant?.Name);
            json.WriteStartObject("rights");
            json.WriteBoolean("read_some", caller?.May(Need.ReadSome, context) == true);
            json.WriteBoolean("read_all", caller?.May(Need.ReadAll, context) == true);
            json.WriteBoolean("send", caller?.May(Need.Send, context) == true);
            json.WriteBoolean("admin", caller?.May(Need.Admin, context) == true);
            json.WriteEndObject();
        })).Needs(Need.Nothing));
}
