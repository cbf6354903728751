using System.Net;
using ActorTrading.Host.Nodes;

namespace ActorTrading.Host.Web;

/// <summary>
/// The names by which clients may call a node in the <c>Host</c> of a request. Any IP address is one: a foreign name
/// can be pointed at the node, an address is what it is.
/// </summary>
internal sealed class HostNames
{
    private const string Loopback = "localhost";

    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase) { Loopback, Environment.MachineName };
    private readonly List<string> ends = ["." + Loopback]; // with a dot before them
    private readonly bool isAny;

    public HostNames(NodeOptions options)
    {
        names.Add(options.Cluster.Host);
        foreach (var origin in options.Web.Origins) names.Add(new Uri(origin).Host);
        foreach (var name in options.Web.Hosts)
        {
            if (name == "*") isAny = true;
            else if (name.StartsWith("*.", StringComparison.Ordinal)) ends.Add(name[1..]);
            else names.Add(name);
        }
    }

    /// <summary>Whether a host, without its port, is one of them.</summary>
    public bool Contains(string host)
    {
        if (isAny || IPAddress.TryParse(host, out _)) return true;
        var name = host.EndsWith('.') ? host[..^1] : host;
        return names.Contains(name) || ends.Exists(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }
}
