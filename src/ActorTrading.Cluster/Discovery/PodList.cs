using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Akka.Discovery;

namespace ActorTrading.Cluster.Discovery;

/// <summary>Parser of a PodList of the Kubernetes API (v1).</summary>
internal static class PodList
{
    /// <summary>
    /// The running pods that are not being deleted, with the named port of a running container. A pod with a host name in a headless
    /// Service is returned by that name, e.g. <c>actortrading-0.actortrading-nodes</c>, other pods by IP address.
    /// </summary>
    public static IEnumerable<ServiceDiscovery.ResolvedTarget> Targets(JsonElement list, string portName)
    {
        foreach (var pod in list.GetProperty("items").EnumerateArray())
        {
            var (metadata, spec, status) = (pod.GetProperty("metadata"), pod.GetProperty("spec"), pod.GetProperty("status"));
            if (Text(metadata, "deletionTimestamp") is not null || Text(status, "phase") != "Running") continue;
            if (!IPAddress.TryParse(Text(status, "podIP"), out var ip) || PortOf(spec, status, portName) is not { } port) continue;
            var name = Text(spec, "hostname") is { } host && Text(spec, "subdomain") is { } service ? $"{host}.{service}" : null;

            // Akka.Management builds a URL from the IP address, without brackets. Without an IP address it uses the host name.
            yield return ip.AddressFamily == AddressFamily.InterNetwork
                ? new ServiceDiscovery.ResolvedTarget(name ?? ip.ToString(), port, ip)
                : new ServiceDiscovery.ResolvedTarget(name ?? $"[{ip}]", port);
        }
    }

    private static int? PortOf(JsonElement spec, JsonElement status, string portName)
    {
        foreach (var container in spec.GetProperty("containers").EnumerateArray())
        {
            if (!container.TryGetProperty("ports", out var ports)) continue;
            foreach (var port in ports.EnumerateArray())
            {
                if (Text(port, "name") == portName && IsRunning(status, Text(container, "name")))
                    return port.GetProperty("containerPort").GetInt32();
            }
        }

        return null;
    }

    private static bool IsRunning(JsonElement status, string? container) =>
        status.TryGetProperty("containerStatuses", out var statuses)
        && statuses.EnumerateArray().Any(one =>
            Text(one, "name") == container && one.TryGetProperty("state", out var state) && state.TryGetProperty("running", out _));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
