using ActorTrading.Lab.Chaos;

namespace ActorTrading.Lab.Tests.Chaos;

public sealed class AssociateFrameTests
{
    /// <summary>The message that Akka.NET 1.5.30 sent to a seed: the node trading@127.0.0.1:47772 wants to associate.</summary>
    private const string Captured = "2e000000122c080112280a1d0a0774726164696e6712093132372e302e302e31189cf502220374637011407a683d00000000";

    [Fact]
    public void FirstFrameOfANode_TellsItsPort_AtWhateverPlaceItIsCut()
    {
        var bytes = Convert.FromHexString(Captured);
        for (var length = 0; length < bytes.Length; length++) Assert.False(AssociateFrame.TryReadPort(bytes.AsSpan(0, length), out _));
        Assert.True(AssociateFrame.TryReadPort(bytes, out var port));
        Assert.Equal(47772, port);
        Assert.True(AssociateFrame.TryReadPort([.. bytes, 1, 2, 3], out port));
        Assert.Equal(47772, port);
    }

    [Theory]
    [InlineData("474554202f20485454502f312e310d0a")] // GET / HTTP/1.1
    [InlineData("00000000")]
    [InlineData("020000000a7f")] // a field with a length beyond the frame
    [InlineData("02000000ffff")]
    [InlineData("ffffffff")]
    public void AnythingElse_TellsNoPort(string hex)
    {
        Assert.True(AssociateFrame.TryReadPort(Convert.FromHexString(hex), out var port));
        Assert.Equal(0, port);
    }
}
