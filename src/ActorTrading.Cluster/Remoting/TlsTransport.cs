using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;

namespace ActorTrading.Cluster.Remoting;

/// <summary>
/// What carries messages between nodes where they are encrypted: a transport of Akka.Remote's in which both sides show certificates. Akka.NET's own asks only the side
/// that is connected to for one before 1.5.52, does not look at its name before 1.5.53, and knows no authority but the system's. Goes by <c>akka.remote.dot-netty.tcp</c> for addresses, times and sizes.
/// </summary>
internal sealed class TlsTransport : Transport
{
    /// <summary>What addresses of nodes begin with, behind <c>akka.</c>.</summary>
    public const string Scheme = "tls";

    /// <summary>The settings that put it in the place of Akka.NET's own.</summary>
    public const string Hocon = """
        akka.remote.enabled-transports = ["akka.remote.actortrading-tls"]
        akka.remote.actortrading-tls {
          transport-class = "ActorTrading.Cluster.Remoting.TlsTransport, ActorTrading.Cluster"
          applied-adapters = []
        }
        """;

    private const int MostHandshakes = 256;

    private static readonly TimeSpan NextTry = TimeSpan.FromMilliseconds(100);

    private readonly NodeIdentity identity;
    private readonly TlsTransportSettings settings;
    private readonly ILoggingAdapter log;
    private readonly TaskCompletionSource<IAssociationEventListener> listener = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<TlsAssociation, byte> open = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource closing = new();
    private Socket? server;
    private Address? local;
    private int handshakes;

    /// <summary>Made by Akka.Remote.</summary>
    public TlsTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        identity = system.Settings.Setup.Get<NodeIdentity>().Value;
        settings = TlsTransportSettings.Read(system.Settings.Config.GetConfig("akka.remote.dot-netty.tcp"));
        log = Logging.GetLogger(system, GetType());
        SchemeIdentifier = Scheme;
        MaximumPayloadBytes = settings.MaxFrame;
    }

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => true;

    /// <inheritdoc/>
    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var at = new IPEndPoint(await AddressOfAsync(settings.Host, CancellationToken.None).ConfigureAwait(false), settings.Port);
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(at);
            socket.Listen(settings.Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        server = socket;
        local = new Address(Scheme, System.Name, settings.PublicHost, settings.PublicPort ?? ((IPEndPoint)socket.LocalEndPoint!).Port);
        _ = AcceptAsync(socket);
        return (local, listener);
    }

    /// <inheritdoc/>
    public override async Task<AssociationHandle> Associate(Address remote)
    {
        using var limit = Limit();
        var socket = default(Socket);
        try
        {
            var address = await AddressOfAsync(remote.Host, limit.Token).ConfigureAwait(false);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(address, remote.Port ?? 0), limit.Token).ConfigureAwait(false);
            var stream = await identity.ConnectAsync(new NetworkStream(socket, ownsSocket: true), remote.Host, limit.Token).ConfigureAwait(false);
            return Open(new TlsAssociation(local!, remote, stream, settings.MaxFrame));
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            socket?.Dispose();
            if (e is AuthenticationException) log.Warning("{0}:{1} is not talked to: {2}", remote.Host, remote.Port, e.Message);
            throw new InvalidAssociationException($"{remote.Host}:{remote.Port}: {Why(e)}", e);
        }
    }

    /// <inheritdoc/>
    public override async Task<bool> Shutdown()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        server?.Dispose();
        await Task.WhenAll(open.Keys.Select(association => association.CloseAsync())).ConfigureAwait(false);
        return true;
    }

    private static async Task<IPAddress> AddressOfAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var address)) return address;
        var found = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        return found.FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork) ?? found.FirstOrDefault() ?? throw new SocketException((int)SocketError.HostNotFound);
    }

    private static bool IsOfConnection(Exception e) => e is SocketException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException;

    private static string Why(Exception e) => e is OperationCanceledException ? "it does not answer in time" : e.Message;

    private CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        limit.CancelAfter(settings.ConnectTimeout);
        return limit;
    }

    private async Task AcceptAsync(Socket socket)
    {
        await listener.Task.ConfigureAwait(false);
        while (!closing.IsCancellationRequested)
        {
            try
            {
                _ = LetInAsync(await socket.AcceptAsync(closing.Token).ConfigureAwait(false));
            }
            catch (SocketException e)
            {
                log.Warning("Cannot take connections of other nodes: {0}", e.Message); // out of handles, say
                await Task.Delay(NextTry).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task LetInAsync(Socket socket)
    {
        var from = socket.RemoteEndPoint as IPEndPoint;
        using var limit = Limit();
        try
        {
            // Whoever can reach the port can begin a handshake: strangers must not pile up.
            if (Interlocked.Increment(ref handshakes) > MostHandshakes) throw new IOException($"{MostHandshakes} others are not done with their handshakes");
            socket.NoDelay = true;
            var stream = await identity.AcceptAsync(new NetworkStream(socket, ownsSocket: true), limit.Token).ConfigureAwait(false);
            var remote = new Address(Scheme, System.Name, from!.Address.ToString(), from.Port);
            (await listener.Task.ConfigureAwait(false)).Notify(new InboundAssociation(Open(new TlsAssociation(local!, remote, stream, settings.MaxFrame))));
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            socket.Dispose();
            if (!closing.IsCancellationRequested) log.Warning("{0} is not let in: {1}", from, Why(e));
        }
        finally
        {
            Interlocked.Decrement(ref handshakes);
        }
    }

    private TlsAssociation Open(TlsAssociation association)
    {
        open[association] = 0;
        _ = association.RunAsync().ContinueWith(
            _ => open.TryRemove(association, out byte _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (closing.IsCancellationRequested) _ = association.CloseAsync();
        return association;
    }
}
