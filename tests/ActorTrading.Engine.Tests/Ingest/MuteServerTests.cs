using System.Net;
using System.Net.Sockets;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>A client whose server accepts it and is never heard of.</summary>
public class MuteServerTests
{
    [Fact]
    public async Task ServerThatSaysNothing_IsTakenForDead()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var time = new ManualTime();
        var why = new TaskCompletionSource<string>();
        await using var client = new FeedClient(new FeedOptions
        {
            Source = Source.Parse("feed-1"), Port = ((IPEndPoint)mute.LocalEndpoint).Port, Time = time,
            OnDisconnect = text => why.TrySetResult(text),
        });
        using var accepted = await mute.AcceptSocketAsync();
        while (!why.Task.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(21)); // the client may not have begun to listen
            await Task.Yield();
        }

        Assert.Contains("sent nothing", await why.Task);
    }
}
