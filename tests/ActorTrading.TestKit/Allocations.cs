namespace ActorTrading.TestKit;

/// <summary>What a piece of work allocates, each time it is done. Bytes of managed memory of the calling thread.</summary>
public static class Allocations
{
    private const int Rounds = 10;

    /// <summary>
    /// The least of ten rounds. The runtime itself may allocate on this thread while it still compiles and measures a method, in
    /// one round or another; what the work allocates, it allocates in all of them.
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
