using System.Text;
using ActorTrading.Cluster.Hosting;
using ActorTrading.TestKit.Engines;
using Akka.Actor;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>
/// A node without TLS, and a client that reaches its cluster port. The client can pose as a node, but cannot create objects of its choice
/// there, and cannot stop anything with messages that nodes do not send each other.
/// </summary>
public sealed class StrangerTests(ReachedNode reached) : IClassFixture<ReachedNode>, IAsyncLifetime
{
    private readonly CancellationTokenSource patience = new(EngineReading.Timeout);
    private Stranger stranger = null!;

    /// <summary>Payloads that create a <see cref="Gadget"/> on a node that accepts all that Akka.NET accepts.</summary>
    public static TheoryData<string> Makers => [.. Creations.Keys];

    /// <summary>Messages that stop or restart an actor on a node that accepts all that Akka.NET accepts.</summary>
    public static TheoryData<string, string> Stoppers
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var path in (string[])[ClusterNodeBuilder.RegionPath, ClusterNodeBuilder.GatewayPath, ClusterNodeBuilder.ShardsPath,
                "/user/administrator", "/system/cluster/core/daemon"])
            {
                foreach (var name in Ends.Keys) all.Add(path, name);
            }

            return all;
        }
    }

    private static Dictionary<string, byte[]> Creations { get; } = new()
    {
        ["JSON"] = Frames.Payload(1, Gadget.Name, Utf8($$"""{"$type":"{{Gadget.Name}}","Of":"here"}""")),
        ["JSON of anything"] = Frames.Payload(1, "", Utf8($$"""{"$type":"{{Gadget.Name}}","Of":"here"}""")),
        ["JSON in a selection"] = Frames.Selection(Frames.Payload(1, "", Utf8($$"""{"$type":"{{Gadget.Name}}"}""")), "user", "gateway"),
        ["JSON in a question"] = Frames.Payload(
            16, "ID", Frames.Bytes(1, Frames.Payload(1, "", Utf8($$"""{"$type":"{{Gadget.Name}}"}""")))),
        ["protobuf of another type"] = Frames.Payload(2, Gadget.Name, []),
        ["failure with an exception"] = Frames.Payload(
            16, "STF", Frames.Bytes(1, [.. Frames.Text(1, Gadget.Name), .. Frames.Bytes(5, [])])),
        ["restart with an exception"] = Frames.Payload(
            22, "Akka.Dispatch.SysMsg.Recreate, Akka", Frames.Bytes(1, [.. Frames.Text(1, Gadget.Name), .. Frames.Bytes(5, [])])),
        ["remote deployment"] = Frames.Payload(3, "", [
            .. Frames.Bytes(1, [
                .. Frames.Bytes(2, Frames.Text(1, "")), .. Frames.Text(3, Gadget.Name),
                .. Frames.Bytes(4, Utf8($$"""{"$type":"{{Gadget.Name}}"}""")), .. Frames.Text(5, ""), .. Frames.Number(6, 1),
            ]),
            .. Frames.Bytes(2, Frames.Text(1, "")), .. Frames.Text(3, "/user/gadget"), .. Frames.Bytes(4, Frames.Text(1, "/user")),
        ]),
    };

    private static Dictionary<string, byte[]> Ends { get; } = new()
    {
        ["PoisonPill"] = Frames.Payload(16, "PP", []),
        ["Kill"] = Frames.Payload(16, "K", []),
        ["Terminate"] = Frames.Payload(22, "Akka.Dispatch.SysMsg.Terminate, Akka", []),
        ["Suspend"] = Frames.Payload(22, "Akka.Dispatch.SysMsg.Suspend, Akka", []),
        ["PoisonPill in a selection"] = Frames.Selection(Frames.Payload(16, "PP", []), "user", "*"),
        ["Kill in a selection"] = Frames.Selection(Frames.Payload(16, "K", []), "system", "sharding", "*"),
    };

    public async Task InitializeAsync()
    {
        await reached.StartAsync();
        stranger = await Stranger.ConnectAsync(reached.Node.Address, patience.Token);
    }

    public Task DisposeAsync()
    {
        stranger.Dispose();
        patience.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Makers))]
    public async Task MessageOfAnotherSerializer_MakesNoObject(string name)
    {
        var made = Gadget.Made;
        await stranger.SendAsync(
            name.StartsWith("remote", StringComparison.Ordinal) ? "/remote" : ClusterNodeBuilder.GatewayPath, Creations[name],
            patience.Token);
        Assert.True(await stranger.IsThereAsync(ClusterNodeBuilder.GatewayPath, patience.Token)); // the previous message has been processed
        await AssertAliveAsync();
        Assert.Equal(made, Gadget.Made);
    }

    [Theory]
    [MemberData(nameof(Stoppers))]
    public async Task MessageThatEndsAnActor_EndsNone(string path, string name)
    {
        await stranger.SendAsync(name.EndsWith("selection", StringComparison.Ordinal) ? "/" : path, Ends[name], patience.Token);
        Assert.True(await stranger.IsThereAsync(path, patience.Token));
        await AssertAliveAsync();
    }

    [Fact]
    public async Task PoisonPillForASymbol_DoesNotStopIt()
    {
        var symbol = Assert.IsAssignableFrom<LocalActorRef>(await SelectedAsync($"{ClusterNodeBuilder.RegionPath}/*/*"));
        var path = symbol.Path.ToStringWithoutAddress();
        foreach (var name in (string[])["PoisonPill", "Kill", "Terminate"]) await stranger.SendAsync(path, Ends[name], patience.Token);
        Assert.True(await stranger.IsThereAsync(path, patience.Token));
        Assert.False(symbol.IsTerminated);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Garbage_EndsItsConnectionAtMost()
    {
        var random = new Random(7);
        var noise = new byte[2_000];
        random.NextBytes(noise);
        byte[][] frames =
        [
            Frames.Framed(noise), // not protobuf
            Frames.Framed([]),
            Frames.Framed(Frames.Bytes(1, noise)), // a payload that is no envelope
            Frames.Framed(Frames.Bytes(1, Frames.Bytes(2, Frames.Bytes(1, Frames.Text(1, "no path"))))),
            Frames.Framed(Frames.Bytes(2, noise)),
            [0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3], // a negative length
            [0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3], // two gigabytes
            noise,
        ];
        foreach (var frame in frames)
        {
            using var other = await Stranger.ConnectAsync(reached.Node.Address, patience.Token);
            await other.SendAsync(frame, patience.Token);
            using var silent = await Stranger.ConnectSilentlyAsync(reached.Node.Address, patience.Token); // no handshake before
            await silent.SendAsync(frame, patience.Token);
        }

        foreach (var id in (int[])[0, 4, 5, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 30, 36, 7421, 99, -5])
        {
            foreach (var manifest in (string[])["", "A", "m:batch1", "System.Object", Gadget.Name, new string('x', 10_000)])
                await stranger.SendAsync(ClusterNodeBuilder.GatewayPath, Frames.Payload(id, manifest, noise), patience.Token);
        }

        Assert.True(await stranger.IsThereAsync(ClusterNodeBuilder.GatewayPath, patience.Token));
        await AssertAliveAsync();
    }

    private async Task AssertAliveAsync()
    {
        using var other = await Stranger.ConnectAsync(reached.Node.Address, patience.Token);
        Assert.True(await other.IsThereAsync(ClusterNodeBuilder.GatewayPath, patience.Token));
        await reached.AssertSoundAsync();
    }

    private async Task<IActorRef> SelectedAsync(string path) =>
        (await reached.Node.System.ActorSelection(path).Ask<ActorIdentity>(new Identify(path), patience.Token)).Subject;

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
