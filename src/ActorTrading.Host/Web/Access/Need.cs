using Microsoft.AspNetCore.Builder;

namespace ActorTrading.Host.Web.Access;

/// <summary>The right that an endpoint requires, when there are access rules.</summary>
internal enum Need
{
    /// <summary>No right.</summary>
    Nothing,

    /// <summary>May send as at least one source; each record is checked separately.</summary>
    Send,

    /// <summary>May see at least one symbol; the response omits the others.</summary>
    ReadSome,

    /// <summary>May see the symbol in the path.</summary>
    ReadSymbol,

    /// <summary>May see every symbol.</summary>
    ReadAll,

    /// <summary>May change the node. The default for endpoints without a mark.</summary>
    Admin,
}

/// <summary>Marks endpoints with the right that they require.</summary>
internal static class Needing
{
    /// <summary>Marks an endpoint with the right that it requires.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Need need)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(need);
}
