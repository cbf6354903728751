using Xunit;

namespace ActorTrading.TestKit;

/// <summary>
/// Tests that take long and repeat with another engine, journal or connector what a shorter test shows. <c>dotnet test</c> runs them.
/// CI runs the others: it sets <c>ACTORTRADING_SHORT_TESTS</c> to 1.
/// </summary>
public static class LongTests
{
    /// <summary>Skips the rest of a <see cref="SkippableFactAttribute"/> in a short run.</summary>
    public static void SkipInShortRun() => Skip.If(
        Environment.GetEnvironmentVariable("ACTORTRADING_SHORT_TESTS") == "1", "long; it runs without ACTORTRADING_SHORT_TESTS=1");
}
