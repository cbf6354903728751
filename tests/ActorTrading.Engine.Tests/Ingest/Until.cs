using System.Diagnostics;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>Waits for what must come to pass; fails where it does not within half a minute.</summary>
internal static class Until
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task True(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(watch.Elapsed < Limit, $"It did not happen: {what}");
            await Task.Delay(1);
        }
    }
}
