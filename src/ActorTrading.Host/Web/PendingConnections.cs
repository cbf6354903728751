using System.Net;
using ActorTrading.Engine.Ingest.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Host.Web;

/// <summary>
/// HTTP connections without a request that passed the access rules (without access rules: without any request). Their number is limited,
/// and they are closed when no request arrives in time. See docs/http.md.
/// </summary>
internal sealed class PendingConnections
{
    private static readonly object Key = new();

    /// <summary>How long a new connection counts as one whose request is in transit.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly WebOptions options;
    private readonly TimeSpan patience;
    private readonly PendingPool pool;

    /// <param name="options">The limits.</param>
    /// <param name="handshake">Time limit of the TLS handshake; zero without TLS.</param>
    public PendingConnections(WebOptions options, TimeSpan handshake)
    {
        this.options = options;
        patience = handshake + options.HeadersTimeout;
        pool = new PendingPool(options.MaxPending, options.MaxPendingPerAddress);
    }

    /// <summary>Number of pending connections.</summary>
    public int Count => pool.Count;

    /// <summary>Number of connections closed to free capacity for others, since the start.</summary>
    public long Evicted => pool.Evicted;

    /// <summary>Serves a connection, starting before its first byte.</summary>
    public async Task ServeAsync(ConnectionContext connection, Func<Task> next)
    {
        using var pending = new Pending(connection, options.Time, patience);
        connection.Items[Key] = pending;
        pool.Enter(pending);
        try
        {
            await next();
        }
        finally
        {
            pool.Leave(pending);
        }
    }

    /// <summary>Serves a request. During the request, its connection is not idle.</summary>
    public static async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var pending = Of(context);
        pending?.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            pending?.End();
        }
    }

    /// <summary>Called when a request has passed the access rules.</summary>
    public void BecomesKnown(HttpContext context)
    {
        if (Of(context) is { IsKnown: false } pending)
        {
            pending.IsKnown = true;
            pool.Leave(pending);
        }
    }

    private static Pending? Of(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out var pending) == true ? (Pending?)pending : null;

    private sealed class Pending : IPendingConnection, IDisposable
    {
        private readonly ConnectionContext connection;
        private readonly TimeProvider time;
        private readonly long begun;
        private readonly ITimer deadline;
        private volatile bool hasAsked;
        private volatile bool isServed;
        private volatile bool isKnown;

        public Pending(ConnectionContext connection, TimeProvider time, TimeSpan patience)
        {
            (this.connection, this.time, begun) = (connection, time, time.GetTimestamp());
            deadline = time.CreateTimer(_ => GiveUp(), null, patience, Timeout.InfiniteTimeSpan);
        }

        public IPAddress? Address => (connection.RemoteEndPoint as IPEndPoint)?.Address;

        public bool IsKnown
        {
            get => isKnown;
            set => isKnown = value;
        }

        public bool IsSilent => !isServed && time.GetElapsedTime(begun) >= Grace;

        public void Begin()
        {
            isServed = true;
            if (hasAsked) return;
            hasAsked = true;
            deadline.Dispose();
        }

        public void End() => isServed = false;

        public void Evict() => connection.Abort(new ConnectionAbortedException("It sent no request and was closed in favour of others."));

        public void Dispose() => deadline.Dispose();

        private void GiveUp()
        {
            if (!hasAsked) connection.Abort(new ConnectionAbortedException("No request arrived in time."));
        }
    }
}
