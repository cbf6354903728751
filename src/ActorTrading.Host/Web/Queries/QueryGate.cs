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
/// Lets requests that read the journal through when it is their turn, and ends them when their caller has left or their time is over, by
/// <see cref="HttpContext.RequestAborted"/>. The place is free again when the answer begins, so that slow readers of answers hold none.
/// </summary>
internal sealed class QueryGate(Node node)
{
    private const int CommonBits = 64; // of IPv6 addresses that count as one caller

    private readonly QueryPool pool = node.Queries;

    /// <summary>Serves the request when it is its turn.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next) =>
        context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<Mark>() is { } mark && mark.IsQuery(context)
            ? QueryAsync(context, endpoint, mark, next)
            : next(context);

    private async Task QueryAsync(HttpContext context, RouteEndpoint endpoint, Mark mark, RequestDelegate next)
    {
        var left = context.RequestAborted;
        if (!HttpMethods.IsGet(context.Request.Method)) await ReadBodyAsync(context, left); // who sends slowly holds no place meanwhile
        using var place = await EnterAsync(context, left);
        place.Operation = endpoint.RoutePattern.RawText!;
        var limit = pool.Options.Timeout + mark.More;
        using var timer = new CancellationTokenSource(limit, node.Options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(left, timer.Token);
        context.RequestAborted = end.Token;
        var isOver = false; // then the answer is not the query's, but says what is wrong
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
                $"The query has taken longer than {limit.TotalSeconds:0.#} s and was ended; ask for less, such as a shorter span.");
        }
        finally
        {
            isOver = true;
            context.RequestAborted = left;
        }
    }

    /// <summary>
    /// Callers are known by their name in the access rules; those that have none, by their address, unless they have a quota, which is
    /// for all of them together.
    /// </summary>
    private Task<QuerySlot> EnterAsync(HttpContext context, CancellationToken left)
    {
        var grant = Caller.Required(context).Grant;
        var quota = grant?.Limits.Queries;
        var isNamed = grant is not null && (quota is not null || !ReferenceEquals(grant, node.Access?.Anonymous));
        return pool.EnterAsync(isNamed ? $"name {grant!.Name}" : $"address {Network(context.Connection.RemoteIpAddress)}", quota, left);
    }

    /// <summary>The addresses that count as one caller: of IPv6, those that one customer of a provider has.</summary>
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

    /// <summary>Says that an endpoint reads the journal.</summary>
    /// <param name="Only">Which of its requests do; null for all.</param>
    /// <param name="More">How much longer than others they may take.</param>
    public sealed record Mark(Func<HttpContext, bool>? Only, TimeSpan More)
    {
        /// <summary>Whether that request reads the journal.</summary>
        public bool IsQuery(HttpContext context) => Only?.Invoke(context) != false;
    }
}

/// <summary>Marks endpoints that read the journal.</summary>
internal static class Querying
{
    /// <summary>Requests are queries of the journal: <see cref="QueryGate"/> admits them.</summary>
    public static TBuilder IsQuery<TBuilder>(this TBuilder endpoint, Func<HttpContext, bool>? only = null, TimeSpan more = default)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new QueryGate.Mark(only, more));
}
