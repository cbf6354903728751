using ActorTrading.Engine.Journal;

namespace ActorTrading.Host.Nodes;

/// <summary>Whether the journal answers, asked at most once a second however many want to know. Safe for any number of threads.</summary>
internal sealed class JournalHealth(IJournalStore store, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private Task<string?>? answer;
    private long askedAt;

    /// <summary>Null where it answers; otherwise what is wrong.</summary>
    public Task<string?> FaultAsync()
    {
        lock (sync)
        {
            // One question at a time: a journal that hangs is not asked again and again.
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
