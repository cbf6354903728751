using ActorTrading.Host.Nodes;
using ActorTrading.Wire.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web;

/// <summary>Rejects requests that need a role which this node does not have. The response names the nodes that have it.</summary>
internal sealed class RoleGate(Node node)
{
    /// <summary>Serves the request when the node has the role.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Needed>() is not { } needed || node.Hosted.Has(needed.Role)) return next(context);
        var others = node.Hosting!.NodesWith(needed.Role);
        var who = others.Count > 0 ? $"in its cluster, {string.Join(", ", others)} have it" : "in its cluster, no node has it now";
        return Answer.ProblemAsync(
            context, StatusCodes.Status421MisdirectedRequest, "not_this_node", $"This node does not have the role {needed.Role}; {who}.",
            json =>
            {
                json.WriteString("role", needed.Role);
                json.WriteTexts("nodes", others);
            });
    }

    /// <summary>The role that an endpoint requires.</summary>
    public sealed record Needed(string Role);
}

/// <summary>Marks endpoints with the role that they require.</summary>
internal static class Roles
{
    /// <summary>Marks an endpoint that only nodes with the role serve.</summary>
    public static TBuilder Of<TBuilder>(this TBuilder endpoint, string role)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RoleGate.Needed(role));
}
