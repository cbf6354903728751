using System.Diagnostics;
using Xunit;

namespace ActorTrading.TestKit.Ingest;

/// <summary>Waits for what must come to pass; fails where it does not within two minutes.</summary>
public static class Until
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task True(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(watch.Elapsed < Limit, $"It did not happen: {what}");
            await Task.Delay(1);
        }
    }

    /// <summary>
    /// Has the clock go on until it comes to pass, by steps that are short beside what is waited for: when a server begins
    /// to count is its own affair.
    /// </summary>
    public static Task True(ManualTime time, TimeSpan step, Func<bool> condition, string what) => True(
        () =>
        {
            if (condition()) return true;
            time.Advance(step);
            return false;
        },
        what);
}
