using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>Endpoint of the OpenAPI document. It is generated for the first request and kept.</summary>
internal static class OpenApiEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var document = new Lazy<Task<byte[]>>(() => OpenApiGenerator.GenerateAsync(routes));
        ReadyGate.Always(routes.MapGet("/openapi.json", context => WriteAsync(context, document)).Needs(Need.Nothing)).Describe(
            new Operation(
                "getOpenApi", "This document.",
                new Response(200, "This document.", new Content("application/json", static () => Schema.Any))));
    }

    private static async Task WriteAsync(HttpContext context, Lazy<Task<byte[]>> document)
    {
        var text = await document.Value;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = text.Length;
        await context.Response.BodyWriter.WriteAsync(text, context.RequestAborted);
    }
}
