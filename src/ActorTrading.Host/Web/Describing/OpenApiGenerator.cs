using System.Globalization;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Queries;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace ActorTrading.Host.Web.Describing;

/// <summary>
/// Generates the OpenAPI document from the endpoints: their routes, their <see cref="Operation"/>, and their marks. It has services of its
/// own, so that the start of a node does not pay for them.
/// </summary>
internal static class OpenApiGenerator
{
    /// <summary>What the 429 of a query says.</summary>
    public const string TooManyQueries =
        "too_many_queries: too many queries of the caller, or of all callers, are waiting; retry after Retry-After.";

    private const string Name = "node";

    /// <summary>Generates the document, as JSON.</summary>
    public static async Task<byte[]> GenerateAsync(IEndpointRouteBuilder routes)
    {
        var services = new ServiceCollection();
        services.AddSingleton<EndpointDataSource>(new CompositeEndpointDataSource(routes.DataSources));
        services.AddSingleton(routes.ServiceProvider.GetRequiredService<IHostEnvironment>());
        services.AddLogging();
        services.AddRoutingCore();
        services.AddOpenApi(Name, options =>
        {
            options.AddOperationTransformer((operation, context, _) => DescribeAsync(operation, context));
            options.AddDocumentTransformer((document, _, _) => CompleteAsync(document));
        });
        await using var provider = services.BuildServiceProvider();
        var document = await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        using var text = new MemoryStream();
        await document.SerializeAsJsonAsync(text, OpenApiSpecVersion.OpenApi3_1);
        return text.ToArray();
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var described = metadata.OfType<Operation>().Last();
        var isHead = context.Description.HttpMethod == "HEAD";
        operation.OperationId = isHead ? described.Id + "Head" : described.Id;
        operation.Summary = isHead ? "As GET, without a body." : described.Summary;
        operation.Tags = null;
        operation.Parameters = [.. ParametersOf(described, context.Description.RelativePath!)];
        if (described.Body.Count > 0)
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = ToContent(described.Body) };
        operation.Responses = [];
        foreach (var response in described.Responses.Concat(Implied(metadata)))
        {
            // A response that an endpoint describes itself comes first, and counts.
            operation.Responses.TryAdd(
                response.Status > 0 ? response.Status.ToString(CultureInfo.InvariantCulture) : "default",
                new OpenApiResponse
                {
                    Description = response.Description, Content = isHead ? null : ToContent(response.Contents),
                });
        }

        if (isHead) operation.Responses.Remove("default");
        if (metadata.OfType<Need>().Last() == Need.Nothing) operation.Security = [[]];
        return Task.CompletedTask;
    }

    /// <summary>The responses that an endpoint's marks and every endpoint's faults come to.</summary>
    private static IEnumerable<Response> Implied(IList<object> metadata)
    {
        if (metadata.OfType<Need>().Last() != Need.Nothing)
        {
            yield return Response.Problem(401, "No token, or one that is not in the access rules.");
            yield return Response.Problem(403, "The access rules do not allow the caller to do that.");
        }

        if (metadata.OfType<QueryGate.Mark>().Any())
        {
            yield return Response.Problem(429, TooManyQueries);
            yield return Response.Problem(504, "query_timeout: the query took too long and was ended.");
        }

        yield return Response.Problem(0, "An error, with its code.");
    }

    private static IEnumerable<IOpenApiParameter> ParametersOf(Operation described, string path)
    {
        IEnumerable<Parameter> symbol = path.Contains("{symbol}", StringComparison.Ordinal)
            ? [new Parameter("symbol", "The symbol; a slash in it is escaped as %2F.")]
            : [];
        foreach (var parameter in symbol.Concat(described.Parameters))
        {
            var isPath = path.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal);
            yield return new OpenApiParameter
            {
                Name = parameter.Name,
                In = isPath ? ParameterLocation.Path : ParameterLocation.Query,
                Required = isPath || parameter.IsRequired,
                Description = parameter.Description,
                Schema = parameter.ToSchema(),
            };
        }
    }

    private static Dictionary<string, OpenApiMediaType>? ToContent(IReadOnlyList<Content> contents) => contents.Count == 0
        ? null
        : contents.ToDictionary(content => content.Type, content => new OpenApiMediaType { Schema = content.ToSchema() });

    private static Task CompleteAsync(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "ActorTrading node", Version = "1", Description = "See docs/http.md." };
        document.Servers = null;
        document.Tags = null;
        foreach (var (name, schema) in Components.All) document.AddComponent<IOpenApiSchema>(name, schema);
        document.AddComponent<IOpenApiSecurityScheme>("token", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "If the node has access rules; see docs/security.md.",
        });
        document.AddComponent<IOpenApiSecurityScheme>("certificate", new ClientCertificate());
        document.Security = [Requirement("token"), Requirement("certificate"), []];
        return Task.CompletedTask;

        OpenApiSecurityRequirement Requirement(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
    }

    /// <summary>The type that OpenAPI has since 3.1; the library has only those of 3.0.</summary>
    private sealed class ClientCertificate : OpenApiSecurityScheme
    {
        public override void SerializeAsV31(IOpenApiWriter writer)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("type");
            writer.WriteValue("mutualTLS");
            writer.WritePropertyName("description");
            writer.WriteValue("A client certificate of the access rules.");
            writer.WriteEndObject();
        }
    }
}
