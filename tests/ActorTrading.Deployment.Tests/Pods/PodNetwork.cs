using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>
/// Namespaces that reach each other and nothing else: a bridge in its own namespace takes the place of the Kubernetes node. Names are in
/// hosts files while their pods exist.
/// </summary>
internal sealed class PodNetwork : IAsyncDisposable
{
    private const string Prefix = "actortrading-";

    private readonly string prefix = $"{Prefix}{Environment.ProcessId}-";
    private readonly List<string> namespaces = [];
    private readonly ConcurrentDictionary<string, string> names = new();
    private readonly HashSet<string> hostsFiles = [];
    private int last;

    /// <summary>The namespace of kubelet and Services.</summary>
    public NetworkNamespace Node { get; private set; } = null!;

    /// <summary>Creates a network.</summary>
    /// <exception cref="SkipException">This needs root and iproute2.</exception>
    public static async Task<PodNetwork> CreateAsync()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "network namespaces need root on Linux");
        await RemoveLeftOversAsync();
        var network = new PodNetwork();
        var probe = await Tools.RunAsync("ip", "netns", "add", $"{network.prefix}node");
        Skip.If(probe.ExitCode != 0, $"no network namespaces here: {probe.Error.Trim()}");
        network.namespaces.Add($"{network.prefix}node");
        network.Node = new NetworkNamespace($"{network.prefix}node", Address(Interlocked.Increment(ref network.last)));
        await Ip("-n", network.Node.Name, "link", "set", "lo", "up");
        // Otherwise the address of a pod, which ends.
        await Ip("-n", network.Node.Name, "link", "add", "br0", "address", "02:00:0a:4d:00:01", "type", "bridge");
        await Ip("-n", network.Node.Name, "address", "add", $"{network.Node.Address}/16", "dev", "br0");
        await Ip("-n", network.Node.Name, "link", "set", "br0", "up");
        return network;
    }

    /// <summary>A namespace with a new address.</summary>
    public async Task<NetworkNamespace> AddAsync()
    {
        var number = Interlocked.Increment(ref last);
        var (name, address) = ($"{prefix}{number}", Address(number));
        await Ip("netns", "add", name);
        lock (namespaces) namespaces.Add(name);
        await Ip("link", "add", $"v{number}", "netns", Node.Name, "type", "veth", "peer", "name", "eth0", "netns", name);
        await Ip("-n", Node.Name, "link", "set", $"v{number}", "master", "br0", "up");
        await Ip("-n", name, "address", "add", $"{address}/16", "dev", "eth0");
        await Ip("-n", name, "link", "set", "lo", "up");
        await Ip("-n", name, "link", "set", "eth0", "up");
        return new NetworkNamespace(name, address);
    }

    /// <summary>Removes a namespace.</summary>
    public async Task RemoveAsync(NetworkNamespace gone)
    {
        await Ip("netns", "delete", gone.Name);
        lock (namespaces) namespaces.Remove(gone.Name);
    }

    /// <summary>Adds an address to the node: that of a Service.</summary>
    public async Task<string> AddServiceAddressAsync()
    {
        var address = Address(Interlocked.Increment(ref last));
        await Ip("-n", Node.Name, "address", "add", $"{address}/16", "dev", "br0");
        return address;
    }

    /// <summary>Makes a name resolve in all pods; null removes it.</summary>
    public void SetName(string name, string? address)
    {
        if (address is null) names.TryRemove(name, out _);
        else names[name] = address;
        lock (hostsFiles)
        {
            foreach (var file in hostsFiles) WriteHosts(file);
        }
    }

    /// <summary>Creates a hosts file that is kept up to date.</summary>
    public void AddHosts(string file)
    {
        lock (hostsFiles)
        {
            hostsFiles.Add(file);
            WriteHosts(file);
        }
    }

    /// <summary>A client like a program in that namespace.</summary>
    /// <param name="from">Its namespace.</param>
    /// <param name="isKept">Whether its connections are reused.</param>
    /// <param name="isTrusted">Whether it trusts the certificate of a server; null: it trusts any, like a kubelet.</param>
    public HttpClient NewClient(
        NetworkNamespace from, bool isKept = true, Func<X509Certificate, bool>? isTrusted = null) => new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(30),
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => isTrusted?.Invoke(certificate!) ?? true,
        },
        PooledConnectionLifetime = isKept ? TimeSpan.FromMinutes(5) : TimeSpan.Zero,
        ConnectCallback = async (context, cancellation) => new NetworkStream(
            await ConnectAsync(from, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation), ownsSocket: true),
    });

    /// <summary>A connection from a namespace to a name or address.</summary>
    public async Task<Socket> ConnectAsync(NetworkNamespace from, string host, int port, CancellationToken cancellation)
    {
        var socket = from.NewSocket();
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(names.GetValueOrDefault(host, host)), port), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in namespaces.ToArray().Reverse()) await Tools.RunAsync("ip", "netns", "delete", name);
    }

    /// <summary>Removes the namespaces of test runs that were killed.</summary>
    private static async Task RemoveLeftOversAsync()
    {
        var listed = await Tools.RunAsync("ip", "netns", "list");
        foreach (var name in listed.Output.Split('\n').Select(line => line.Split(' ')[0])
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var isOfARun = int.TryParse(name[Prefix.Length..].Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var run);
            if (isOfARun && !Directory.Exists($"/proc/{run}")) await Tools.RunAsync("ip", "netns", "delete", name);
        }
    }

    private static Task Ip(params string[] arguments) => Tools.OutputAsync("ip", arguments);

    private static string Address(int number) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{number}");

    /// <summary>In place: pods mount this file, and only see changes to the same file.</summary>
    private void WriteHosts(string file) =>
        File.WriteAllText(
            file, "127.0.0.1 localhost\n" + string.Concat(names.OrderBy(name => name.Key).Select(name => $"{name.Value} {name.Key}\n")));
}
