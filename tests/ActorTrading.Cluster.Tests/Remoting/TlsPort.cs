using System.Collections.Concurrent;
using System.Globalization;
using ActorTrading.Cluster.Hosting;
using ActorTrading.Cluster.Remoting;
using ActorTrading.Cluster.Serialization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Akka.Remote's port with a certificate, on loopback, without the rest of a node.</summary>
internal sealed class TlsPort : IDisposable
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ClusterPort port;
    private readonly ActorSystem system;

    public TlsPort(NodeTls tls)
    {
        var config = ConfigurationFactory.ParseString("""
            akka {
              actor.provider = remote
              stdout-loglevel = OFF
              loggers = []
              loglevel = WARNING
              coordinated-shutdown.run-by-clr-shutdown-hook = off
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0, enable-ssl = on }
            }
            """).WithFallback(ClusterNodeBuilder.Settings("port"));
        port = new ClusterPort(NodeIdentity.Open(tls));
        system = ActorSystem.Create("trading", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), port, port.Tls));
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new Ear(lines))), typeof(LogEvent));
    }

    public int Port => ((ExtendedActorSystem)system).Provider.DefaultAddress.Port!.Value;

    /// <summary>Number of connections that have sent nothing yet.</summary>
    public int Pending => port.Pending.Count;

    /// <summary>Number of rejected connections and messages.</summary>
    public long Refused => RefusedMessages.Of(system).Count;

    /// <summary>Why the system ends; null while it runs.</summary>
    public CoordinatedShutdown.Reason? Ending => CoordinatedShutdown.Get(system).ShutdownReason;

    /// <summary>Sends a message to the expected address of another node.</summary>
    public void Call(int port, string host = "127.0.0.1") =>
        system.ActorSelection(string.Create(CultureInfo.InvariantCulture, $"akka.ssl.tcp://trading@{host}:{port}/user/none"))
            .Tell("a secret text");

    /// <summary>Waits until another node has answered.</summary>
    public async Task ReachAsync(int port, CancellationToken cancellation) =>
        await system
            .ActorSelection(string.Create(CultureInfo.InvariantCulture, $"akka.ssl.tcp://trading@127.0.0.1:{port}/system/remote-watcher"))
            .ResolveOne(TimeSpan.FromSeconds(30), cancellation);

    /// <summary>Waits until something is logged.</summary>
    public async Task UntilSaidAsync(string part, CancellationToken cancellation)
    {
        while (!lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            if (cancellation.IsCancellationRequested) Assert.Fail($"nobody says '{part}' but:\n{string.Join('\n', lines)}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    public async Task UntilEndingAsync(CancellationToken cancellation)
    {
        while (Ending is null) await Task.Delay(10, cancellation);
    }

    public void Dispose() => system.Terminate().Wait();

    private sealed class Ear : ReceiveActor
    {
        public Ear(ConcurrentQueue<string> lines) => Receive<LogEvent>(said => lines.Enqueue($"{said.Message} {said.Cause?.Message}"));
    }
}
