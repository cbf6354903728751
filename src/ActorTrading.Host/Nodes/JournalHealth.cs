using ActorTrading.Engine.Journal;

namespace ActorTrading.Host.Nodes;

/// <summary>Checks whether the journal answers, at most once a second for all callers. Thread-safe.</summary>
internal sealed class JournalHealth(IJournalStore store, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private Task<string?>? answer;
    private long askedAt;

    /// <summary>The problem with the journal; null when it answers.</summary>
    public Task<string?> FaultAsync()
    {
        lock (sync)
        {
            // One check at a time: a journal that hangs does not accumulate requests.
            if (answer is null || (answer.IsCompleted && time.GetElapsedTime(askedAt) >= KeptFor))
            {
                askedAt = time.GetTimestamp();
                answer = Task.Run(Ask);
            }

            return answer;
        }
    }

    private string? Ask()
    {
        try
        {
            store.CheckAlive();
            return null;
        }
        catch (JournalException exception)
        {
            return exception.Message;
        }
    }
}
