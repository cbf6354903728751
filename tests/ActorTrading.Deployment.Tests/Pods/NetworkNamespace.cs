using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>
/// A network namespace of Linux, with its own address. Processes are started in it, and this process creates sockets in it.
/// </summary>
internal sealed class NetworkNamespace(string name, string address)
{
    private const int CloneNewNet = 0x4000_0000;

    public string Name => name;

    public string Address => address;

    /// <summary>A TCP socket of the namespace. It stays in the namespace, whichever thread uses it.</summary>
    public Socket NewSocket()
    {
        Socket? socket = null;
        Exception? fault = null;

        // A thread that has entered a namespace cannot be reused.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(handle, CloneNewNet) != 0) throw new IOException($"setns {name}: error {Marshal.GetLastPInvokeError()}");
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                fault = exception;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new IOException("no socket", fault);
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(SafeFileHandle handle, int kind);
}
