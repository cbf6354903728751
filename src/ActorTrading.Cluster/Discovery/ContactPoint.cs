using System.Collections.Immutable;
using System.Net;
using System.Text;
using Akka.Actor;
using Akka.Cluster;
using Newtonsoft.Json;
using AkkaCluster = Akka.Cluster.Cluster;
using ClusterMember = Akka.Management.Cluster.Bootstrap.ContactPoint.HttpBootstrapJsonProtocol.ClusterMember;
using SeedNodes = Akka.Management.Cluster.Bootstrap.ContactPoint.HttpBootstrapJsonProtocol.SeedNodes;

namespace ActorTrading.Cluster.Discovery;

/// <summary>
/// HTTP contact point for nodes that look for the cluster: <c>GET /bootstrap/seed-nodes</c> returns members to join, like
/// Akka.Management's own server. That server needs Ceen.Httpd 0.9.9; later versions lack a method that it calls. Unauthenticated and
/// read-only. Stops with the actor system.
/// </summary>
internal sealed class ContactPoint : IDisposable
{
    private const string Path = "/bootstrap/seed-nodes";
    private const int MaxMembers = 5;

    private readonly AkkaCluster cluster;
    private readonly HttpListener listener = new();

    private ContactPoint(ActorSystem system)
    {
        cluster = AkkaCluster.Get(system);
        system.RegisterOnTermination(Dispose);
    }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">The port is in use, or the address is not an address of this machine.</exception>
    public static void Start(ActorSystem system, IPAddress address, int port)
    {
        var point = new ContactPoint(system);
        var isAny = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        point.listener.Prefixes.Add($"http://{(isAny ? "*" : new IPEndPoint(address, 0).ToString()[..^2])}:{port}/");
        try
        {
            point.listener.Start();
        }
        catch (HttpListenerException e)
        {
            throw new IOException($"port {port} for cluster discovery: {e.Message}", e);
        }

        _ = point.ServeAsync();
    }

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                await AnswerAsync(await listener.GetContextAsync().ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
            {
                // The client has disconnected, or the listener was closed.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        if (context.Request.HttpMethod != "GET" || context.Request.Url?.AbsolutePath != Path)
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        var body = Encoding.UTF8.GetBytes(JsonConvert.SerializeObject(new SeedNodes(cluster.SelfAddress, Members())));
        response.ContentType = "application/json";
        response.ContentLength64 = body.Length;
        await response.OutputStream.WriteAsync(body).ConfigureAwait(false);
    }

    /// <summary>Members to join. Empty before this node is in a cluster, and while it leaves.</summary>
    private ImmutableList<ClusterMember> Members()
    {
        var (state, self) = (cluster.State, cluster.SelfMember);
        if (self.Status is MemberStatus.Down or MemberStatus.Exiting or MemberStatus.Leaving or MemberStatus.Removed) return [];
        return
        [
            .. state.Members
                .Where(member => member.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Joining)
                .Where(member => !member.HasRole(NodeRole.Subscriber) && !state.Unreachable.Contains(member))
                .Take(MaxMembers)
                .Select(member => new ClusterMember(member.Address, member.UniqueAddress.Uid, member.Status, member.Roles)),
        ];
    }
}
