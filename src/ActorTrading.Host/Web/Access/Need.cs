using Microsoft.AspNetCore.Builder;

namespace ActorTrading.Host.Web.Access;

/// <summary>What a caller must be allowed, where there are access rules.</summary>
internal enum Need
{
    /// <summary>Nothing at all.</summary>
    Nothing,

    /// <summary>To send as some source; which records, is looked at one by one.</summary>
    Send,

    /// <summary>To see some symbol; the answer leaves out the others.</summary>
    ReadSome,

    /// <summary>To see the symbol of the path.</summary>
    ReadSymbol,

    /// <summary>To see every symbol.</summary>
    ReadAll,

    /// <summary>To change the node. So it is, too, where an endpoint says nothing.</summary>
    Admin,
}

/// <summary>Says what an endpoint needs.</summary>
internal static class Needing
{
    /// <summary>Marks an endpoint.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Need need)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(need);
}
