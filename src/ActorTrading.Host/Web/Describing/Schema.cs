using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace ActorTrading.Host.Web.Describing;

/// <summary>Makes JSON schemas.</summary>
internal static class Schema
{
    /// <summary>A text.</summary>
    public static OpenApiSchema Text => new() { Type = JsonSchemaType.String };

    /// <summary>True or false.</summary>
    public static OpenApiSchema Flag => new() { Type = JsonSchemaType.Boolean };

    /// <summary>A whole number of 64 bits.</summary>
    public static OpenApiSchema Whole => new() { Type = JsonSchemaType.Integer, Format = "int64" };

    /// <summary>A number.</summary>
    public static OpenApiSchema Number => new() { Type = JsonSchemaType.Number };

    /// <summary>A number of seconds.</summary>
    public static OpenApiSchema Seconds => Number.Is("Seconds.");

    /// <summary>A number without error of rounding, such as a price; null if there is none.</summary>
    public static OpenApiSchema Exact => Number.OrNull().Is("An exact decimal.");

    /// <summary>A time in UTC, as ISO 8601.</summary>
    public static OpenApiSchema Time => new() { Type = JsonSchemaType.String, Format = "date-time" };

    /// <summary>A record as it was accepted.</summary>
    public static OpenApiSchema Record => Any.Is("A record in the canonical form of docs/formats.md.");

    /// <summary>An object with any members.</summary>
    public static OpenApiSchema Any => Map(new OpenApiSchema());

    /// <summary>A component, by its name.</summary>
    public static OpenApiSchemaReference Component(string name) => new(name);

    /// <summary>One of some texts.</summary>
    public static OpenApiSchema OneOf(params IEnumerable<string> values) =>
        new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => (JsonNode)value)] };

    /// <summary>A whole number within a range.</summary>
    public static OpenApiSchema Range(long least, long most, long? otherwise)
    {
        var range = Whole;
        range.Minimum = least.ToString(CultureInfo.InvariantCulture);
        if (most < long.MaxValue) range.Maximum = most.ToString(CultureInfo.InvariantCulture);
        if (otherwise is { } value) range.Default = value;
        return range;
    }

    /// <summary>An object with these members.</summary>
    public static OpenApiSchema Object(params IEnumerable<(string Name, IOpenApiSchema Schema)> members) =>
        new() { Type = JsonSchemaType.Object, Properties = members.ToDictionary(member => member.Name, member => member.Schema) };

    /// <summary>Members of the same kind.</summary>
    public static IEnumerable<(string Name, IOpenApiSchema Schema)> Each(IOpenApiSchema schema, params IEnumerable<string> names) =>
        names.Select(name => (name, schema));

    /// <summary>An object whose member names are data.</summary>
    public static OpenApiSchema Map(IOpenApiSchema values) => new() { Type = JsonSchemaType.Object, AdditionalProperties = values };

    /// <summary>An array.</summary>
    public static OpenApiSchema List(IOpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    /// <summary>An array of objects with these members.</summary>
    public static OpenApiSchema ListOf(params IEnumerable<(string Name, IOpenApiSchema Schema)> members) => List(Object(members));

    /// <summary>The schema or null.</summary>
    public static OpenApiSchema OrNull(this OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
        return schema;
    }

    /// <summary>Says what the value is.</summary>
    public static OpenApiSchema Is(this OpenApiSchema schema, string description)
    {
        schema.Description = description;
        return schema;
    }
}
