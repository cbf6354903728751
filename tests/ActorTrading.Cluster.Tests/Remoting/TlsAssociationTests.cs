using System.Collections.Concurrent;
using System.Security.Cryptography;
using ActorTrading.Cluster.Remoting;
using ActorTrading.TestKit.Engines;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorTrading.Cluster.Tests.Remoting;

/// <summary>Messages over an encrypted connection between two nodes.</summary>
public sealed class TlsAssociationTests : IAsyncLifetime
{
    private const int MaxFrame = 4 << 20;

    private static readonly Address Here = new(TlsTransport.Scheme, "trading", "127.0.0.1", 1);
    private static readonly Address There = new(TlsTransport.Scheme, "trading", "127.0.0.1", 2);

    private readonly NodePapers papers = new();
    private readonly CancellationTokenSource patience = new(EngineReading.Patience);
    private System.Net.Security.SslStream raw = null!;
    private TlsAssociation here = null!;
    private TlsAssociation there = null!;
    private Task ending = null!;

    public async Task InitializeAsync()
    {
        using var identity = papers.IdentityOf("cluster");
        var (one, other) = await Loopback.ConnectAsync();
        var called = identity.AcceptAsync(other, patience.Token);
        raw = await identity.ConnectAsync(one, "127.0.0.1", patience.Token);
        here = new TlsAssociation(Here, There, raw, MaxFrame);
        there = new TlsAssociation(There, Here, await called, MaxFrame);
        ending = there.RunAsync();
    }

    public async Task DisposeAsync()
    {
        await raw.DisposeAsync();
        await there.CloseAsync();
        await ending;
        patience.Dispose();
        papers.Dispose();
    }

    [Fact]
    public async Task MessagesOfAllSizes_ComeWhole_AndInOrder_AndTheLastOneBeforeTheEnd()
    {
        var closing = here.RunAsync();
        var heard = new Listener();
        there.ReadHandlerSource.SetResult(heard);
        here.ReadHandlerSource.SetResult(new Listener());
        var sent = new List<byte[]>();
        foreach (var size in (int[])[0, 1, 3, 4, 5, 255, 256, 65_535, 65_536, 65_537, 1 << 20, MaxFrame])
        {
            for (var i = 0; i < 3; i++)
            {
                sent.Add(RandomNumberGenerator.GetBytes(size));
                while (!here.Write(ByteString.CopyFrom(sent[^1]))) await Task.Delay(1, patience.Token);
            }
        }

        await here.CloseAsync();
        await heard.End.WaitAsync(patience.Token);
        Assert.Equal(sent.Select(Convert.ToHexString), heard.Messages.Select(message => Convert.ToHexString(message.Span)));
        Assert.False(here.Write(ByteString.CopyFrom(1)));
        await closing;
    }

    [Fact]
    public async Task NodeThatReadsNothing_IsNotWrittenToWithoutEnd_AndGetsAllWhenItReads()
    {
        var closing = here.RunAsync();
        here.ReadHandlerSource.SetResult(new Listener());
        var block = ByteString.CopyFrom(new byte[1 << 20]);
        var taken = 0;
        while (here.Write(block)) Assert.InRange(++taken, 1, 200); // until what waits here and in the sockets is full
        var heard = new Listener();
        there.ReadHandlerSource.SetResult(heard);
        while (!here.Write(ByteString.CopyFrom(7))) await Task.Delay(1, patience.Token);
        await here.CloseAsync();
        await heard.End.WaitAsync(patience.Token);
        Assert.Equal(taken + 1, heard.Messages.Count);
        Assert.Equal(1, heard.Messages.Last().Length);
        await closing;
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(MaxFrame + (1 << 20))]
    public async Task LengthThatNoMessageHas_EndsTheConnection(int length)
    {
        var heard = new Listener();
        there.ReadHandlerSource.SetResult(heard);
        await raw.WriteAsync(BitConverter.GetBytes(length), patience.Token);
        await heard.End.WaitAsync(patience.Token);
        Assert.Empty(heard.Messages);
        await ending;
        Assert.False(there.Write(ByteString.CopyFrom(1)));
    }

    [Fact]
    public async Task ConnectionThatBreaks_IsToldOf_AlsoInTheMiddleOfAMessage()
    {
        var heard = new Listener();
        there.ReadHandlerSource.SetResult(heard);
        await raw.WriteAsync(new byte[] { 1, 0, 0, 0, 42, 100, 0, 0 }, patience.Token);
        await raw.DisposeAsync();
        await heard.End.WaitAsync(patience.Token);
        Assert.Equal(42, Assert.Single(heard.Messages)[0]);
        await ending;
    }

    [Fact]
    public async Task ConnectionThatNobodyListensTo_CanBeClosed()
    {
        await there.CloseAsync().WaitAsync(patience.Token);
        await ending.WaitAsync(patience.Token);
    }

    private sealed class Listener : IHandleEventListener
    {
        private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<ByteString> Messages { get; } = [];

        public Task End => end.Task;

        public void Notify(IHandleEvent ev)
        {
            if (ev is InboundPayload message) Messages.Enqueue(message.Payload);
            else end.SetResult();
        }
    }
}
