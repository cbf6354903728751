using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Cluster.Hosting;

/// <summary>Reports seeds of a cluster that no node could be joined at.</summary>
internal static class Seeds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The error of a node, or a subscriber, that no cluster has let in; it names the seeds, and those whose names do not resolve.
    /// </summary>
    public static async Task<TimeoutException> NotLetInAsync(string cluster, string address, TimeSpan waited, IReadOnlyList<string> seeds)
    {
        var unknown = (await Task.WhenAll(seeds.Select(UnknownHostAsync)).ConfigureAwait(false)).OfType<string>().Distinct().ToList();
        var names = unknown.Count == 0 ? "" : $"; not found by DNS: {string.Join(", ", unknown)}";
        return new TimeoutException(
            $"No cluster '{cluster}' has let {address} in for {waited.TotalSeconds:0} s; seeds: {string.Join(", ", seeds)}{names}.");
    }

    /// <summary>The error of a node that has found no cluster by Kubernetes; what went wrong there is in its log.</summary>
    public static TimeoutException NotFound(string cluster, string address, TimeSpan waited, KubernetesDiscovery pods) => new(
        $"No cluster '{cluster}' has let {address} in for {waited.TotalSeconds:0} s; Kubernetes was asked for pods of the selector "
        + $"'{pods.Selector}' with a port '{pods.PortName}', of which {pods.Contacts} at least must answer. The log has what was wrong.");

    private static async Task<string?> UnknownHostAsync(string seed)
    {
        var host = seed[..seed.LastIndexOf(':')].Trim('[', ']');
        using var patience = new CancellationTokenSource(Patience);
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
