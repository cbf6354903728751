using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>
/// A child process that holds the clients' ends of many connections: their descriptors, and their memory, are not those of the server.
/// </summary>
internal sealed class IdleClients : IDisposable
{
    public const string Command = "connect-and-wait";

    private readonly Process process;

    public IdleClients(int port, int count)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["exec", typeof(IdleClients).Assembly.Location, Command, Text(port), Text(count)])
            start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
    }

    /// <summary>
    /// In the child: connects, every second one with a hello, the others with a record, says so, and closes all of
    /// them when its input ends.
    /// </summary>
    public static void Run(int port, int count)
    {
        var sockets = new List<Socket>(count);
        var answer = new byte[1024];
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
            sockets.Add(socket);
            if (i % 2 == 0)
            {
                socket.Send(Ticks.Text(Ticks.Many(1)));
                continue;
            }

            socket.Send(Encoding.ASCII.GetBytes($"{{\"hello\":\"idle-{Text(i)}\"}}\n"));
            while (answer.AsSpan(0, socket.Receive(answer)) is [.. , not (byte)'\n'])
            {
                // The answer has not ended.
            }
        }

        Console.Out.WriteLine("connected");
        Console.In.ReadToEnd();
        foreach (var socket in sockets) socket.Dispose();
    }

    /// <summary>Waits until all are connected.</summary>
    public async Task ConnectedAsync()
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        var said = await process.StandardOutput.ReadLineAsync(limit.Token);
        Assert.True(said == "connected", said ?? await process.StandardError.ReadToEndAsync(limit.Token));
    }

    /// <summary>Has it close all of them.</summary>
    public async Task CloseAsync()
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        process.StandardInput.Close();
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
