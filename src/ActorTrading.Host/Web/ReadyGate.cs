using ActorTrading.Host.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web;

/// <summary>Rejects requests until recovery has finished, except to endpoints marked with <see cref="Always"/>.</summary>
internal sealed class ReadyGate(Node node)
{
    /// <summary>Serves the request when the node is ready.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<Open>() is not null) return next(context);
        return node.Phase switch
        {
            NodePhase.Recovering =>
                Answer.ProblemAsync(context, 503, "recovering", "The node is replaying its journal; GET /health/ready shows the progress."),
            NodePhase.Failed => Answer.ProblemAsync(context, 503, "engine_stopped", $"The engine failed: {node.Hosted.Failure!.Message}"),
            _ => next(context),
        };
    }

    /// <summary>Marks an endpoint that answers in every phase of the node.</summary>
    public static TBuilder Always<TBuilder>(TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Open());

    private sealed class Open;
}
