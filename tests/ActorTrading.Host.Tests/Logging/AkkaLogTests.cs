using ActorTrading.Host.Logging;

namespace ActorTrading.Host.Tests.Logging;

public class AkkaLogTests
{
    [Theory]
    [InlineData("[WARNING][11/21/2026 16:53:15.617Z][Thread 0023][akka.tcp://a@h:1/system/x] SBR took [a] decision", "SBR took [a] decision")]
    [InlineData("[ERROR][t][Thread 1][s] Failed\nCause: X: y\n   at Akka.Some.Place()", "Failed\nCause: X: y")]
    [InlineData("[not closed", "[not closed")]
    [InlineData("plain", "plain")]
    public void Told_HasTheWordsAndNoStampsOrTraces(string said, string told) => Assert.Equal(told, AkkaLog.Told(said));
}
