namespace ActorTrading.TestKit;

/// <summary>Measures the managed memory, in bytes, that an action allocates on the calling thread each time it runs.</summary>
public static class Allocations
{
    private const int Rounds = 10;

    /// <summary>
    /// The smallest of ten rounds. The runtime may allocate on this thread in some rounds while it compiles and measures a method; the
    /// action itself allocates in every round.
    /// </summary>
    public static long Of(Action work)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
