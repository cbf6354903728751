using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ActorTrading.Host.Dashboard;

/// <summary>
/// Serves the page of the dashboard and its files. They contain no data of the node, so every caller may read them, also during recovery.
/// </summary>
internal static class PageEndpoints
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly EntityTagHeaderValue Tag = new($"\"{PageFiles.Hash}\"", isWeak: true); // same tag uncompressed and compressed

    /// <summary>Maps a path for each file, except for the page, which has the path of the start page.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var file in PageFiles.Assets)
        {
            ReadyGate.Always(routes.MapMethods($"/assets/{PageFiles.Hash}/{file.Path}", HealthEndpoints.Reading, context =>
                WriteAsync(context, file, "public, max-age=31536000, immutable")).Needs(Need.Nothing).ExcludeFromDescription());
        }
    }

    /// <summary>Whether a request comes from a browser that displays the response, not from a program.</summary>
    public static bool IsForPage(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accepted =>
            accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && accepted.Quality is not 0);

    /// <summary>Writes the page.</summary>
    public static Task WritePageAsync(HttpContext context) => WriteAsync(context, PageFiles.Page, "no-cache");

    private static async Task WriteAsync(HttpContext context, PageFile file, string caching)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = caching;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ETag = Tag.ToString();
        headers.Append(HeaderNames.Vary, "Accept-Encoding");
        var request = context.Request.GetTypedHeaders();
        if (request.IfNoneMatch.Any(known => known.Compare(Tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var isPacked = request.AcceptEncoding.Any(accepted =>
            accepted.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && accepted.Quality is not 0);
        if (isPacked) headers.ContentEncoding = "gzip";
        var content = isPacked ? file.Packed : file.Content;
        context.Response.ContentType = file.Type;
        context.Response.ContentLength = content.Length;
        await context.Response.BodyWriter.WriteAsync(content, context.RequestAborted);
    }
}
