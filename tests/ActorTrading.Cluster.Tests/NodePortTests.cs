using System.Globalization;
using System.Net.Sockets;
using ActorTrading.Domain.Plans;

namespace ActorTrading.Cluster.Tests;

public sealed class NodePortTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("actortrading-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task PortOfAnotherNode_IsRefused_AndIsFreeWhenThatNodeHasEnded()
    {
        await using var first = await ClusterEngine.StartAsync(Plan.Default, Nodes.Options(folder));
        var port = int.Parse(first.Address[(first.Address.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        var second = Nodes.Options(folder) with { Port = port, Seeds = [first.Address] };
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => ClusterEngine.StartAsync(Plan.Default, second));
        Assert.Equal(SocketError.AddressAlreadyInUse, ClusterEngine.SocketFault(refused)?.SocketErrorCode);

        await first.DisposeAsync();
        await using var third = await ClusterEngine.StartAsync(Plan.Default, second with { Seeds = [] });
        Assert.Equal(first.Address, third.Address);
    }
}
