using System.Net;
using System.Net.Sockets;
using ActorTrading.Domain.Plans;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrading.Host.Web.Queries;

/// <summary>
/// Queues requests that read the journal, and cancels them by <see cref="HttpContext.RequestAborted"/> when the caller disconnects or the
/// time limit is reached. The slot is free again when the response begins, so that slow readers do not occupy slots.
/// </summary>
internal sealed class QueryGate(Node node)
{
    private const int CommonBits = 64; // of IPv6 addresses that count as one caller

    private readonly QueryPool pool = node.Queries;

    /// <summary>Serves the request when it gets a slot.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next) =>
        context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<Mark>() is { } mark && mark.IsQuery(context)
            ? QueryAsync(context, endpoint, mark, next)
            : next(context);

    private async Task QueryAsync(HttpContext context, RouteEndpoint endpoint, Mark mark, RequestDelegate next)
    {
        var left = context.RequestAborted;
        if (!HttpMethods.IsGet(context.Request.Method)) await ReadBodyAsync(context, left); // a slow sender occupies no slot
        using var place = await EnterAsync(context, left);
        place.Operation = endpoint.RoutePattern.RawText!;
        var limit = pool.Options.Timeout + mark.More;
        using var timer = new CancellationTokenSource(limit, node.Options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(left, timer.Token);
        context.RequestAborted = end.Token;
        var isOver = false; // then the response is an error instead of the query's answer
        context.Response.OnStarting(() =>
        {
            if (isOver) return Task.CompletedTask;
            timer.CancelAfter(Timeout.InfiniteTimeSpan);
            place.Dispose();
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !left.IsCancellationRequested)
        {
            pool.NoteTimeout();
            throw new RequestFault(StatusCodes.Status504GatewayTimeout, "query_timeout",
                $"The query has taken longer than {limit.TotalSeconds:0.#} s and was ended; request less, such as a shorter span.");
        }
        finally
        {
            isOver = true;
            context.RequestAborted = left;
        }
    }

    /// <summary>
    /// Callers are identified by their name in the access rules. Callers without a name are identified by their address, unless they have a
    /// quota, which all of them share.
    /// </summary>
    private Task<QuerySlot> EnterAsync(HttpContext context, CancellationToken left)
    {
        var grant = Caller.Required(context).Grant;
        var quota = grant?.Limits.Queries;
        var isNamed = grant is not null && (quota is not null || !ReferenceEquals(grant, node.Security.Rules?.Anonymous));
        return pool.EnterAsync(isNamed ? $"name {grant!.Name}" : $"address {Network(context.Connection.RemoteIpAddress)}", quota, left);
    }

    /// <summary>The network of an address that counts as one caller: for IPv6, the prefix that a provider gives to one customer.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address)
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, CommonBits / 8))
            : address.ToString();
    }

    private static async Task ReadBodyAsync(HttpContext context, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        var block = new byte[16 << 10];
        while (body.Length <= Plan.MaxLength && await context.Request.Body.ReadAsync(block, cancellation) is var read and > 0)
            body.Write(block, 0, read);
        body.Position = 0;
        context.Request.Body = body;
    }

    /// <summary>Marks an endpoint that reads the journal.</summary>
    /// <param name="Only">Selects the requests that do; null for all.</param>
    /// <param name="More">Additional time limit of these requests.</param>
    public sealed record Mark(Func<HttpContext, bool>? Only, TimeSpan More)
    {
        /// <summary>Whether the request reads the journal.</summary>
        public bool IsQuery(HttpContext context) => Only?.Invoke(context) != false;
    }
}

/// <summary>Marks endpoints that read the journal.</summary>
internal static class Querying
{
    /// <summary>Marks requests as journal queries, which <see cref="QueryGate"/> admits.</summary>
    public static TBuilder IsQuery<TBuilder>(this TBuilder endpoint, Func<HttpContext, bool>? only = null, TimeSpan more = default)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new QueryGate.Mark(only, more));
}
