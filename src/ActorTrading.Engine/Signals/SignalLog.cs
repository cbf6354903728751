using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine.History;
using ActorTrading.Engine.Journal;
using ActorTrading.Engine.Recovering;
using ActorTrading.Wire.Events;

namespace ActorTrading.Engine.Signals;

/// <summary>
/// The durable signals, by position. The newest ones are in memory. A slow reader reads pages from the journal and slows down nothing else.
/// Thread-safe.
/// </summary>
internal sealed class SignalLog(IJournalStore store, int tailLength)
{
    private const int PageLength = 512;

    private readonly Lock sync = new();
    private readonly List<LoggedSignal> tail = []; // the newest signals: one to two times the tail length
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long last;
    private bool isOver;
    private Exception? end;

    /// <summary>The position of the last durable signal; 0 if there is none.</summary>
    public long Last
    {
        get
        {
            lock (sync) return last;
        }
    }

    /// <summary>Sets the position of the log; earlier signals are read from the journal. Only before anything is published.</summary>
    public void BeginAt(long position)
    {
        lock (sync) last = position;
    }

    /// <summary>Publishes durable signals; their positions continue from the last one.</summary>
    public void Publish(IReadOnlyList<LoggedSignal> signals)
    {
        TaskCompletionSource wake;
        lock (sync)
        {
            foreach (var signal in signals)
            {
                tail.Add(signal);
                last = signal.Position;
            }

            if (tail.Count > 2 * tailLength) tail.RemoveRange(0, tail.Count - tailLength);

            (wake, more) = (more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        wake.TrySetResult();
    }

    /// <summary>Ends the log: no more signals will come.</summary>
    public void End(Exception? cause = null)
    {
        TaskCompletionSource wake;
        lock (sync)
        {
            if (isOver) return;
            (isOver, end) = (true, cause);
            wake = more;
        }

        wake.TrySetResult();
    }

    public async IAsyncEnumerable<LoggedSignal> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            List<LoggedSignal>? page = null;
            Task? wait = null;
            long until;
            lock (sync)
            {
                until = last;
                if (after >= last)
                {
                    if (end is not null) throw end;
                    if (isOver) yield break;
                    wait = more.Task;
                }
                else if (tail.Count > 0 && after >= tail[0].Position - 1)
                {
                    var from = (int)(after + 1 - tail[0].Position);
                    page = tail.GetRange(from, Math.Min(PageLength, tail.Count - from));
                }
            }

            if (wait is not null)
            {
                await wait.WaitAsync(cancellation).ConfigureAwait(false);
                continue;
            }

            page ??= await ReadingThreads.OfSubscribers.RunAsync(() => ReadPage(after, until), cancellation).ConfigureAwait(false);
            foreach (var signal in page)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return signal;
                after = signal.Position;
            }
        }
    }

    private List<LoggedSignal> ReadPage(long after, long until)
    {
        var page = new List<LoggedSignal>();
        var end = Math.Min(until, after + PageLength);
        Scan(store, after + 1, end, (position, _, signal) => page.Add(new LoggedSignal(position, signal)));
        if (page.Count != end - after)
            throw new RecoveryException(PersistenceIds.Administrator, after + page.Count + 1, "the journal has lost this signal");
        return page;
    }

    /// <summary>Reads signals from the journal.</summary>
    /// <exception cref="RecoveryException">A signal is missing or damaged.</exception>
    public static void Scan(IJournalStore store, long first, long last, Action<long, PlanHash, Signal> take)
    {
        var expected = first;
        RecoveryException? failure = null;
        store.Read(PersistenceIds.Administrator, first, last, (in JournalRow row) =>
        {
            if (TryRead(row, expected, out var plan, out var signal, out failure)) take(expected++, plan, signal);
            return failure is null;
        });
        if (failure is not null) throw failure;
    }

    /// <summary>Reads the entry at a position.</summary>
    public static bool TryRead(
        in JournalRow row, long expected, out PlanHash plan, [NotNullWhen(true)] out Signal? signal, out RecoveryException? failure)
    {
        (plan, signal, failure) = (default, null, null);
        if (row.SequenceNumber != expected)
            failure = new(PersistenceIds.Administrator, expected, "the signal is missing");
        else if (row.SerializerId != EventManifests.SerializerId || row.Manifest != EventManifests.Signal)
            failure = new(PersistenceIds.Administrator, expected, $"not a signal, but '{row.Manifest}' of serializer {row.SerializerId}");
        else if (!SignalCodec.TryDecode(row.Payload, out plan, out signal, out var error))
            failure = new(PersistenceIds.Administrator, expected, error.ToString());
        return failure is null;
    }
}
