using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Cluster.Hosting;

/// <summary>Error messages for a node that could not join a cluster.</summary>
internal static class Seeds
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The error of a node or subscriber that no cluster admitted. It names the seeds, and the host names that do not resolve.
    /// </summary>
    public static async Task<TimeoutException> NotLetInAsync(string cluster, string address, TimeSpan waited, IReadOnlyList<string> seeds)
    {
        var unknown = (await Task.WhenAll(seeds.Select(UnknownHostAsync)).ConfigureAwait(false)).OfType<string>().Distinct().ToList();
        var names = unknown.Count == 0 ? "" : $"; not found by DNS: {string.Join(", ", unknown)}";
        return new TimeoutException(
            $"No cluster '{cluster}' has admitted {address} for {waited.TotalSeconds:0} s; seeds: {string.Join(", ", seeds)}{names}.");
    }

    /// <summary>The error of a node that found no cluster by Kubernetes discovery. The log has the causes.</summary>
    public static TimeoutException NotFound(string cluster, string address, TimeSpan waited, KubernetesDiscovery pods) => new(
        $"No cluster '{cluster}' has admitted {address} for {waited.TotalSeconds:0} s; Kubernetes discovery: pods with the selector "
        + $"'{pods.Selector}' and a port '{pods.PortName}'; at least {pods.Contacts} must answer. The log has the cause.");

    private static async Task<string?> UnknownHostAsync(string seed)
    {
        var host = seed[..seed.LastIndexOf(':')].Trim('[', ']');
        using var patience = new CancellationTokenSource(Timeout);
        try
        {
            await Dns.GetHostAddressesAsync(host, patience.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return host;
        }
    }
}
