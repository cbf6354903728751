using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace ActorTrading.Host.Web.Describing;

/// <summary>
/// Description of an endpoint in the OpenAPI document. Responses that follow from the endpoint's marks (its right, its kind of query) are
/// added by <see cref="OpenApiGenerator"/>.
/// </summary>
/// <param name="Id">Name of the operation, unique and in camel case; generators of clients name methods after it.</param>
/// <param name="Summary">What the endpoint does, in one or two sentences.</param>
internal sealed record Operation(string Id, string Summary, params IReadOnlyList<Response> Responses)
{
    /// <summary>The parameters in the query string and in the path. The symbol in a path needs no description.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>The content types of the request body, and the schema of each.</summary>
    public IReadOnlyList<Content> Body { get; init; } = [];
}

/// <summary>A response of an endpoint.</summary>
/// <param name="Status">The HTTP status.</param>
internal sealed record Response(int Status, string Description, params IReadOnlyList<Content> Contents)
{
    /// <summary>A JSON answer; its schema is a component.</summary>
    /// <param name="component">The name of a property of <see cref="Components"/>.</param>
    public static Response Json(string component, string description, int status = 200) =>
        new(status, description, Content.Json(component));

    /// <summary>An error with its codes.</summary>
    public static Response Problem(int status, string description) =>
        new(status, description, new Content("application/problem+json", static () => Schema.Component(nameof(Components.Problem))));
}

/// <summary>A body of a request or response. The schema is made when the document is.</summary>
internal sealed record Content(string Type, Func<IOpenApiSchema> ToSchema)
{
    /// <summary>JSON; its schema is a component.</summary>
    public static Content Json(string component) => new("application/json", () => Schema.Component(component));

    /// <summary>Text in a format of its own.</summary>
    public static Content Text(string type) => new(type, static () => Schema.Text);
}

/// <summary>Adds descriptions to endpoints.</summary>
internal static class Descriptions
{
    /// <summary>Describes an endpoint in the OpenAPI document.</summary>
    public static TBuilder Describe<TBuilder>(this TBuilder endpoint, Operation operation)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(operation, ((Action)Nothing).Method);

    /// <summary>The method that the framework describes: without parameters, as <see cref="Operation"/> has them.</summary>
    private static void Nothing()
    {
    }
}
