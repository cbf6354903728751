using System.Net;
using System.Net.Sockets;
using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests;

/// <summary>Ports that several programs on a machine search for at the same time.</summary>
public sealed class ReservedPortTests
{
    [Fact]
    public void PortThatIsReserved_IsNotFoundAgain_BeforeItIsReleased()
    {
        var first = FreePort.Next() + 1;
        using var one = ReservedPort.From(first, 1_000);
        using (var other = ReservedPort.From(one.Number, 1_000)) Assert.NotEqual(one.Number, other.Number);
        one.Dispose();
        using var again = ReservedPort.From(one.Number, 1_000);
        Assert.Equal(one.Number, again.Number);
    }

    [Fact]
    public void PortOnWhichAProgramListens_IsNotFound()
    {
        int taken;
        using (var found = ReservedPort.Any()) taken = found.Number;
        using var listener = new TcpListener(IPAddress.Loopback, taken);
        listener.Start();
        using var next = ReservedPort.From(taken, 1_000);
        Assert.True(next.Number > taken);
    }

    [Fact]
    public void RangeWithoutAFreePort_GivesAnyOther()
    {
        using var one = ReservedPort.Any();
        using var other = ReservedPort.From(one.Number, 1);
        Assert.NotEqual(one.Number, other.Number);
    }
}
