namespace ActorTrading.Engine.Ingest.Admission;

/// <summary>
/// Rate limit of new symbols per caller, with a burst of ten seconds' worth. Beyond it, the caller's batches wait before they go to the
/// engine. Thread-safe.
/// </summary>
internal sealed class SymbolPace(long perSecond, TimeProvider time)
{
    private const int ManyCallers = 1_024;

    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(10);

    private readonly long begun = time.GetTimestamp();
    private readonly Dictionary<string, TimeSpan> paid = []; // paid up to this time since the start
    private readonly Lock gate = new();

    /// <summary>Charges new symbols to a caller. Returns how long they must wait.</summary>
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
