using System.Net;
using System.Net.Sockets;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>
/// A Service: one address whose connections go to the ready pods in turn, like kube-proxy's. An open connection stays with its pod.
/// </summary>
internal sealed class Service : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly PodNetwork network;
    private readonly Func<IReadOnlyList<string>> ready;
    private readonly Socket listener;
    private readonly int port;
    private int next;

    public Service(PodNetwork network, string address, int port, Func<IReadOnlyList<string>> ready)
    {
        this.network = network;
        this.port = port;
        this.ready = ready;
        listener = network.Node.NewSocket();
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        listener.Listen(128);
        _ = AcceptAsync();
    }

    public void Dispose()
    {
        ending.Cancel();
        listener.Dispose();
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await listener.AcceptAsync(ending.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var _ = client;
        try
        {
            var pods = ready();
            if (pods.Count == 0) return;
            using var pod = await network.ConnectAsync(
                network.Node, pods[Interlocked.Increment(ref next) % pods.Count], port, ending.Token);
            await Task.WhenAll(CopyAsync(client, pod), CopyAsync(pod, client));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other side sees a broken connection as such.
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, ending.Token) is > 0 and var count)
            {
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), ending.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            from.Dispose();
            to.Dispose();
            throw;
        }
    }
}
