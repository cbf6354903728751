using ActorTrading.Host.Clustering;

namespace ActorTrading.Host.Tests.Clustering;

public class MergedLogTests
{
    [Fact]
    public void LineThatSeveralNodesSay_IsPrintedOnce_AndOneThatANodeRepeatsEachTime()
    {
        var text = new StringWriter { NewLine = "\n" };
        var log = new MergedLog(text, isColoured: false);
        log.Write(1, "buy MSFT");
        log.Write(2, "buy MSFT");
        log.Write(1, "waiting");
        log.Write(1, "waiting");
        log.Write(0, "node 2 has ended");

        Assert.Equal("node 1  | buy MSFT\nnode 1  | waiting\nnode 1  | waiting\ncluster | node 2 has ended\n", text.ToString());
    }

    [Fact]
    public void Colour_IsOfTheNodeOnly()
    {
        var text = new StringWriter { NewLine = "\n" };
        new MergedLog(text, isColoured: true).Write(2, "ready");
        Assert.Equal("\e[33mnode 2 \e[0m | ready\n", text.ToString());
    }
}
