using ActorTrading.Engine.Journal;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>
/// Reads the activating symbols of one partition from the journal, one after another, outside its thread: the partition processes records
/// of other symbols meanwhile. Thread-safe.
/// </summary>
internal sealed class SymbolReads(IJournalStore store, Action<ActivatingSymbol> onRead, Action<Exception> onFailure)
{
    private readonly Queue<ActivatingSymbol> queue = new();
    private bool isRunning;

    public void Begin(ActivatingSymbol symbol)
    {
        lock (queue)
        {
            queue.Enqueue(symbol);
            if (isRunning) return;
            isRunning = true;
        }

        _ = Task.Run(ReadAll);
    }

    private void ReadAll()
    {
        try
        {
            while (TryNext(out var symbol))
            {
                symbol.Awake = symbol.Sleeper.Read(store, symbol.Plan);
                onRead(symbol);
            }
        }
        catch (Exception e)
        {
            onFailure(e);
        }
    }

    private bool TryNext(out ActivatingSymbol symbol)
    {
        lock (queue) return isRunning = queue.TryDequeue(out symbol!);
    }
}
