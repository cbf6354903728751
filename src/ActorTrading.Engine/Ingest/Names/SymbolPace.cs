namespace ActorTrading.Engine.Ingest.Names;

/// <summary>
/// How fast each caller may bring new symbols: so many a second, and ten seconds' worth at once. Beyond that its batches wait before they
/// go to the engine. Safe for any number of threads.
/// </summary>
internal sealed class SymbolPace(long perSecond, TimeProvider time)
{
    private const int ManyCallers = 1_024;

    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(10);

    private readonly long begun = time.GetTimestamp();
    private readonly Dictionary<string, TimeSpan> paid = []; // until when, since the beginning
    private readonly Lock gate = new();

    /// <summary>A caller brings new symbols. Returns for how long they have to wait.</summary>
    public TimeSpan Take(string caller, int symbols)
    {
        lock (gate)
        {
            var now = time.GetElapsedTime(begun);
            if (paid.Count >= ManyCallers) ForgetIdle(now);
            var until = paid.GetValueOrDefault(caller, TimeSpan.MinValue);
            if (until < now - Burst) until = now - Burst;
            until += TimeSpan.FromSeconds(symbols / (double)perSecond);
            paid[caller] = until;
            return until > now ? until - now : TimeSpan.Zero;
        }
    }

    private void ForgetIdle(TimeSpan now)
    {
        foreach (var (caller, until) in paid)
        {
            if (until <= now - Burst) paid.Remove(caller);
        }
    }
}
