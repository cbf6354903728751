using System.Globalization;
using System.Net;
using ActorTrading.Engine.Ingest.Connections;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>Which connections are ended where too many have not shown who they are.</summary>
public class PendingPoolTests
{
    private readonly List<string> ended = [];

    [Fact]
    public void OldestSilentOneOfAnAddress_MakesRoom_AndOtherAddressesDoNotNotice()
    {
        var pool = new PendingPool(100, 2);
        var busy = new Connection(ended, "busy", "192.0.2.1") { IsSilent = false };
        pool.Enter(busy);
        foreach (var name in (string[])["a", "b"]) pool.Enter(new Connection(ended, name, "192.0.2.1"));
        for (var i = 0; i < 50; i++) pool.Enter(new Connection(ended, "other", Address(i)));
        Assert.Equal(["a"], ended);
        pool.Enter(new Connection(ended, "c", "::ffff:192.0.2.1")); // the same address on a socket of both families
        Assert.Equal(["a", "b"], ended);
        pool.Leave(busy);
        pool.Leave(busy);
        pool.Enter(new Connection(ended, "d", "192.0.2.1"));
        Assert.Equal(["a", "b"], ended);
        Assert.Equal((52, 2L), (pool.Count, pool.Evicted));
    }

    [Fact]
    public void WhereAllAreTooMany_TheOldestOfAnyAddressMakesRoom()
    {
        var pool = new PendingPool(10, 2);
        for (var i = 0; i < 20; i++) pool.Enter(new Connection(ended, i.ToString(CultureInfo.InvariantCulture), Address(i)));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i.ToString(CultureInfo.InvariantCulture)), ended);
        Assert.Equal(10, pool.Count);
    }

    [Fact]
    public void ThoseWhoseBytesAreDealtWith_AreLetBe_AndEndedOnceTheyAreSilent()
    {
        var pool = new PendingPool(2, 2);
        var busy = Enumerable.Range(0, 5).Select(i => new Connection(ended, "busy", Address(i)) { IsSilent = false }).ToList();
        foreach (var one in busy) pool.Enter(one);
        Assert.Equal((0, 5), (ended.Count, pool.Count));
        foreach (var one in busy) one.IsSilent = true;
        pool.Enter(new Connection(ended, "new", Address(9)));
        Assert.Equal((4, 2), (ended.Count, pool.Count));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    public void AddressesOfOneNetwork_CountAsOne(string first, string second, bool isOne) =>
        Assert.Equal(isOne, PendingPool.NetworkOf(IPAddress.Parse(first)).Equals(PendingPool.NetworkOf(IPAddress.Parse(second))));

    private static string Address(int number) => $"198.51.100.{number.ToString(CultureInfo.InvariantCulture)}";

    private sealed class Connection(List<string> ended, string name, string address) : IPendingConnection
    {
        public IPAddress? Address { get; } = IPAddress.Parse(address);

        public bool IsSilent { get; set; } = true;

        public void Evict() => ended.Add(name);
    }
}
