using Microsoft.OpenApi;

namespace ActorTrading.Host.Web.Describing;

/// <summary>A parameter in the query string; in the path if the pattern of the route has its name.</summary>
internal record Parameter(string Name, string Description)
{
    /// <summary>Whether a request without it is rejected.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The values; null for any text. They are asked for when the document is made.</summary>
    public Func<IEnumerable<string>>? Values { get; init; }

    /// <summary>Its schema.</summary>
    public virtual OpenApiSchema ToSchema() => Values is null ? Schema.Text : Schema.OneOf(Values());
}

/// <summary>A whole number in the query string, within a range. <see cref="QueryReader"/> reads it by the same range.</summary>
/// <param name="Default">The value of a request without it; null: such a request means something else.</param>
internal sealed record NumberParameter(string Name, string Description, long Least = 0, long Most = long.MaxValue, long? Default = null)
    : Parameter(Name, Description)
{
    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => Schema.Range(Least, Most, Default);
}
