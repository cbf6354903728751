using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTrading.Host.Clustering;

namespace ActorTrading.Lab.Chaos;

/// <summary>
/// Links that can be cut. Nodes reach each other through relay ports of this process, which detects the caller by its first frame. Data
/// from and to a cut node waits, as in a network that loses all packets for a while, and new connections fail.
/// </summary>
internal sealed class CuttableLinks(string folder) : INodeLinks, IDisposable
{
    private readonly Lock sync = new();
    private readonly Dictionary<int, (Relay Relay, int Port)> nodes = [];
    private readonly HashSet<int> cutOff = [];
    private TaskCompletionSource changed = NewSignal();

    public NodeLink Open(int number, int port)
    {
        int known;
        lock (sync)
        {
            if (!nodes.TryGetValue(number, out var node))
            {
                node.Relay = new Relay((caller, cancellation) => ServeAsync(number, caller, cancellation));
                node.Relay.Open();
            }

            nodes[number] = node with { Port = port };
            known = node.Relay.Port;
        }

        var hocon = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"link-{number}.hocon"));
        File.WriteAllText(hocon, string.Create(CultureInfo.InvariantCulture, $"akka.remote.dot-netty.tcp.public-port = {known}\n"));
        return new NodeLink(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{known}"), hocon);
    }

    /// <summary>Blocks all data between a node and the others.</summary>
    public void Cut(int number)
    {
        lock (sync) cutOff.Add(number);
    }

    /// <summary>Lets data pass again, including the waiting data.</summary>
    public void Heal(int number)
    {
        TaskCompletionSource before;
        lock (sync)
        {
            cutOff.Remove(number);
            (before, changed) = (changed, NewSignal());
        }

        before.SetResult();
    }

    public void Dispose()
    {
        foreach (var (relay, _) in nodes.Values) relay.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ServeAsync(int callee, Socket socket, CancellationToken cancellation)
    {
        var hello = new byte[AssociateFrame.MaxLength];
        var length = 0;
        int port;
        while (!AssociateFrame.TryReadPort(hello.AsSpan(0, length), out port))
        {
            var read = await socket.ReceiveAsync(hello.AsMemory(length), cancellation);
            if (read == 0) return;
            length += read;
        }

        int caller, target;
        lock (sync)
        {
            caller = nodes.FirstOrDefault(node => node.Value.Relay.Port == port).Key; // 0 for an unknown caller
            target = nodes[callee].Port;
        }

        var to = new IPEndPoint(IPAddress.Loopback, target);
        await Relay.CarryAsync(socket, to, hello.AsMemory(0, length), () => PassAsync(caller, callee), cancellation);
    }

    private async Task PassAsync(int caller, int callee)
    {
        while (true)
        {
            Task change;
            lock (sync)
            {
                if (!cutOff.Contains(caller) && !cutOff.Contains(callee)) return;
                change = changed.Task;
            }

            await change;
        }
    }
}
