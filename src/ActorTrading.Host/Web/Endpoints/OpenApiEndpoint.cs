using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>The OpenAPI document. It is maintained by hand; tests compare it with the code.</summary>
internal static class OpenApiEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        ReadyGate.Always(routes.MapGet("/openapi.json", WriteAsync).Needs(Need.Nothing));

    private static async Task WriteAsync(HttpContext context)
    {
        await using var document = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")!;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await document.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
