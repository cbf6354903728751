using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorTrading.Cluster.Tests.Symbols;

/// <summary>What a test does with writes before the journal gets them. One for each actor system, found by its name.</summary>
internal sealed class WriteControl
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, WriteControl> BySystem = [];

    private TaskCompletionSource gate = Opened();

    /// <summary>Asked before each write of an id; what it throws, the journal throws.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Writes that have come in.</summary>
    public int Writes;

    public static WriteControl Of(string system) => BySystem.GetOrAdd(system, _ => new WriteControl());

    /// <summary>Writes wait from now on.</summary>
    public void Hold() => gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes that wait go on.</summary>
    public void Release() => gate.TrySetResult();

    public Task Passed() => gate.Task;

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}

/// <summary>Akka's journal in memory, whose writes a test holds up or fails. Its events are read by the store of the same test, too.</summary>
internal sealed class ControlledJournal : MemoryJournal
{
    private readonly WriteControl control;

    public ControlledJournal() => control = WriteControl.Of(Context.System.Name);

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var all = messages.ToList();
        Interlocked.Increment(ref control.Writes);
        foreach (var write in all) control.Before(write.PersistenceId);
        await control.Passed();
        return await base.WriteMessagesAsync(all, cancellationToken);
    }
}
