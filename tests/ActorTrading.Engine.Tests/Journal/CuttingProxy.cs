using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTrading.Engine.Tests.Journal;

/// <summary>
/// Forwards one connection at a time to a server, and cuts it when the client sends a certain word: before or after the server receives it.
/// </summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int port;
    private readonly byte[] word;
    private readonly bool pass;
    private readonly Task accepting;

    public CuttingProxy(int port, string word, bool pass)
    {
        (this.port, this.word, this.pass) = (port, Encoding.ASCII.GetBytes(word), pass);
        listener.Start();
        accepting = Task.Run(Accept);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose()
    {
        listener.Stop();
        accepting.Wait();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                connections.Add(Task.Run(() => Serve(client)));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
        await Task.WhenAll(connections);
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, port);
            var (fromClient, fromServer) = (client.GetStream(), server.GetStream());
            var back = Task.Run(() => Copy(fromServer, fromClient));
            var buffer = new byte[1 << 16];
            try
            {
                for (int read; (read = await fromClient.ReadAsync(buffer)) > 0;)
                {
                    bool cut = buffer.AsSpan(0, read).IndexOf(word) >= 0;
                    if (cut) client.Client.Close(timeout: 0); // first, so that the client does not receive the answer
                    if (!cut || pass) await fromServer.WriteAsync(buffer.AsMemory(0, read));
                    if (!cut) continue;
                    server.Client.Shutdown(SocketShutdown.Send);
                    break;
                }
            }
            catch (IOException)
            {
            }
            await back;
        }
    }

    private static async Task Copy(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Read on, so that the server can finish.
            var rest = new byte[4096];
            try
            {
                while (await from.ReadAsync(rest) > 0) { }
            }
            catch (Exception ended) when (ended is IOException or ObjectDisposedException)
            {
            }
        }
    }
}
