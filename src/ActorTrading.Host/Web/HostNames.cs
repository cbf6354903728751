using System.Net;
using ActorTrading.Host.Nodes;

namespace ActorTrading.Host.Web;

/// <summary>
/// The host names that clients may use in the <c>Host</c> header. Any IP address is accepted: a foreign DNS name can be pointed to this
/// node, an IP address cannot.
/// </summary>
internal sealed class HostNames
{
    private const string Loopback = "localhost";

    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase) { Loopback, Environment.MachineName };
    private readonly List<string> ends = ["." + Loopback]; // suffixes, with a leading dot
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

    /// <summary>Whether a host, without its port, is a valid name.</summary>
    public bool Contains(string host)
    {
        if (isAny || IPAddress.TryParse(host, out _)) return true;
        var name = host.EndsWith('.') ? host[..^1] : host;
        return names.Contains(name) || ends.Exists(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }
}
