using System.Globalization;
using System.Net.WebSockets;
using ActorTrading.Engine;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Nodes.Engines;
using ActorTrading.Host.Web.Access;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ActorTrading.Host.Web.Endpoints;

/// <summary>
/// Endpoints of live events, over a WebSocket or as server-sent events. The cancellation token ends all streams when the node stops.
/// </summary>
internal sealed class StreamEndpoints
{
    private const int MaxMessage = 64 * 1024;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Node node;
    private readonly CancellationToken ending;
    private int open;

    private StreamEndpoints(Node node, CancellationToken ending)
    {
        this.node = node;
        this.ending = ending;
    }

    private WebOptions Options => node.Options.Web;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, Node node, CancellationToken ending)
    {
        var endpoints = new StreamEndpoints(node, ending);
        routes.MapGet("/ws", context => endpoints.CountAsync(context, endpoints.SocketAsync)).Needs(Need.ReadSome).Of(Role.Gateway)
            .Describe(new Operation(
                "openWebSocket", "Live events over a WebSocket; see docs/http.md.",
                new Response(101, "A WebSocket."),
                Response.Problem(426, "not_a_websocket: the request does not open one."))
            {
                Parameters = Subscription.Parameters,
            });
        routes.MapGet("/events", context => endpoints.CountAsync(context, endpoints.EventsAsync)).Needs(Need.ReadSome).Of(Role.Gateway)
            .Describe(new Operation(
                "getEvents", "Live events as server-sent events; see docs/http.md.",
                new Response(200, "The events.", Content.Text("text/event-stream"))) { Parameters = Subscription.Parameters });
    }

    /// <summary>Serves a stream, unless the limit of streams or the caller's limit of connections is reached.</summary>
    private async Task CountAsync(HttpContext context, RequestDelegate serve)
    {
        const int RetryAfter = 5;
        var grant = Caller.Required(context).Grant;
        try
        {
            if (Interlocked.Increment(ref open) > Options.MaxStreams)
                throw new RequestFault(
                    StatusCodes.Status503ServiceUnavailable, "too_many_streams",
                    "The node has reached its limit of WebSockets and event streams.");
            if (!node.Security.Callers.TryEnter(grant))
            {
                context.Response.Headers.RetryAfter = RetryAfter.ToString(CultureInfo.InvariantCulture);
                throw new RequestFault(
                    StatusCodes.Status429TooManyRequests, "too_many_connections", $"{grant!.Name} has reached its connection limit.");
            }

            try
            {
                await serve(context);
            }
            finally
            {
                node.Security.Callers.Leave(grant);
            }
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    private async Task EventsAsync(HttpContext context)
    {
        var wanted = Subscription.Of(context) ?? throw RequestFault.BadParameter("topics", "at least one is required");
        if (context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } id)
        {
            if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
                throw RequestFault.BadParameter("Last-Event-ID", $"'{id}' is not a position");
            wanted = wanted with { From = position };
        }

        // The subscriber itself limits slow readers; disable the server's minimum data rate.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        using var subscriber = new Subscriber(node, Caller.Required(context), new EventStreamPush(context.Response), "sse", stop.Token);
        try
        {
            await subscriber.SubscribeAsync(wanted);
            subscriber.Beat(Options.Time);
            var why = await WhyAsync(subscriber, Task.Delay(Timeout.Infinite, stop.Token));
            if (why.Code == "slow_reader") context.Abort();
            else await subscriber.ErrorAsync(why.Code, why.Message);
            await NoteAsync(context, subscriber);
        }
        finally
        {
            await subscriber.StopAsync();
            await stop.CancelAsync();
        }
    }

    private async Task SocketAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new RequestFault(
                StatusCodes.Status426UpgradeRequired, "not_a_websocket",
                "This path is for WebSockets; GET /events sends the same as server-sent events.");
        }
        var wanted = Subscription.Of(context);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            context.WebSockets.WebSocketRequestedProtocols.Contains(AccessGate.Protocol) ? AccessGate.Protocol : null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        using var subscriber = new Subscriber(node, Caller.Required(context), new WebSocketPush(socket), "websocket", stop.Token);
        subscriber.Beat(Options.Time);
        var receiving = ReceiveAsync(socket, subscriber, wanted, context, stop.Token);
        var why = await WhyAsync(subscriber, receiving);
        await NoteAsync(context, subscriber);
        await subscriber.StopAsync();
        if (why.Code == "slow_reader") context.Abort(); // a close message would wait behind the unread messages
        else await CloseAsync(socket, why.Status, why.Message);
        await Task.WhenAny(receiving, Task.Delay(Farewell, CancellationToken.None)); // wait for the client's close frame
        await stop.CancelAsync();
        await receiving.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The reason for the end of a stream.</summary>
    private async Task<(WebSocketCloseStatus Status, string Code, string Message)> WhyAsync(Subscriber subscriber, Task client)
    {
        var stopping = new TaskCompletionSource();
        await using var registration = ending.Register(() => stopping.TrySetResult());
        var first = await Task.WhenAny(subscriber.End, client, stopping.Task);
        if (first == stopping.Task) return (WebSocketCloseStatus.EndpointUnavailable, "shutting_down", "The node is being stopped.");
        if (first == client) return client.Exception?.InnerException is RequestFault fault
            ? ((WebSocketCloseStatus)fault.Status, fault.Code, fault.Message)
            : (WebSocketCloseStatus.NormalClosure, "closed", "");
        return await subscriber.End switch
        {
            SlowSubscriberException slow => (WebSocketCloseStatus.PolicyViolation, "slow_reader", slow.Message),
            RequestFault denied => (WebSocketCloseStatus.PolicyViolation, denied.Code, denied.Message),
            EngineStoppedException stopped => (WebSocketCloseStatus.InternalServerError, "engine_stopped", stopped.Message),
            null => (WebSocketCloseStatus.EndpointUnavailable, "shutting_down", "The node is being stopped."),
            OperationCanceledException or WebSocketException or IOException => (WebSocketCloseStatus.NormalClosure, "closed", ""),
            var other => (WebSocketCloseStatus.InternalServerError, "internal", other.Message),
        };
    }

    /// <summary>Writes an audit line when the caller has lost its rights, as for a rejected request.</summary>
    private async Task NoteAsync(HttpContext context, Subscriber subscriber)
    {
        if (subscriber.End.IsCompletedSuccessfully && await subscriber.End is RequestFault denied) node.Requests.Refuse(context, denied);
    }

    private async Task ReceiveAsync(
        WebSocket socket, Subscriber subscriber, Subscription? first, HttpContext context, CancellationToken cancellation)
    {
        if (first is not null) await TrySubscribeAsync(subscriber, context, () => first);
        var buffer = new byte[MaxMessage];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (received.MessageType == WebSocketMessageType.Close) return;
            length += received.Count;
            if (!received.EndOfMessage)
            {
                if (length == buffer.Length)
                {
                    throw new RequestFault(
                        (int)WebSocketCloseStatus.MessageTooBig, "too_large", $"A message has at most {MaxMessage} bytes.");
                }
                continue;
            }

            var message = buffer.AsMemory(0, length);
            length = 0;
            await TrySubscribeAsync(subscriber, context, () => Subscription.Of(message));
        }
    }

    private async Task TrySubscribeAsync(Subscriber subscriber, HttpContext context, Func<Subscription> read)
    {
        try
        {
            await subscriber.SubscribeAsync(read());
        }
        catch (RequestFault fault)
        {
            node.Requests.Refuse(context, fault);
            await subscriber.ErrorAsync(fault.Code, fault.Message);
        }
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, string reason)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await socket.CloseOutputAsync(status, reason[..Math.Min(reason.Length, 100)], patience.Token);
        }
        catch (Exception exception)
            when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client has disconnected.
        }
    }
}
