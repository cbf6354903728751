using ActorTrading.Host.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web;

/// <summary>Lets requests through once the node is ready; those of endpoints marked with <see cref="Always"/> at any time.</summary>
internal sealed class ReadyGate(Node node)
{
    /// <summary>Serves the request if the node can.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<Open>() is not null) return next(context);
        return node.Phase switch
        {
            NodePhase.Recovering =>
                Answer.ProblemAsync(context, 503, "recovering", "The node replays its journal; GET /health/ready says how far it is."),
            NodePhase.Failed => Answer.ProblemAsync(context, 503, "engine_stopped", $"The engine failed: {node.Failure!.Message}"),
            _ => next(context),
        };
    }

    /// <summary>Marks an endpoint that answers whatever the node does.</summary>
    public static TBuilder Always<TBuilder>(TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Open());

    private sealed class Open;
}
