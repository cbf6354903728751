using System.Globalization;
using System.Net.Sockets;
using ActorTrading.Domain.Plans;
using ActorTrading.TestKit;

namespace ActorTrading.Cluster.Tests;

public sealed class NodePortTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PortOfAnotherNode_IsRefused_AndIsFreeWhenThatNodeHasEnded()
    {
        await using var first = await ClusterEngine.StartAsync(Plan.Default, Nodes.Options(folder.Path));
        var port = int.Parse(first.Address[(first.Address.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        var second = Nodes.Options(folder.Path) with { Port = port, Seeds = [first.Address] };
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => ClusterEngine.StartAsync(Plan.Default, second));
        Assert.Equal(SocketError.AddressAlreadyInUse, ClusterEngine.SocketFault(refused)?.SocketErrorCode);

        await first.DisposeAsync();
        await using var third = await ClusterEngine.StartAsync(Plan.Default, second with { Seeds = [] });
        Assert.Equal(first.Address, third.Address);
    }
}
