using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>A symbol that is being read from the journal, and the records deferred until it is active, in order.</summary>
internal sealed class ActivatingSymbol(PassivatedSymbol sleeper, SymbolPlan plan)
{
    private readonly Queue<(Part Part, int At)> waiting = new();

    public PassivatedSymbol Sleeper => sleeper;

    public SymbolPlan Plan => plan;

    /// <summary>The active symbol; null until it was read.</summary>
    public HostedSymbol? Awake { get; set; }

    public bool IsAwaited => waiting.Count > 0;

    /// <summary>Defers a record, given by its part and its index in that part.</summary>
    public void Defer(Part part, int at)
    {
        waiting.Enqueue((part, at));
        part.Deferred++;
    }

    /// <summary>Removes and returns the oldest deferred record.</summary>
    public (Part Part, int At) Next()
    {
        var next = waiting.Dequeue();
        next.Part.Deferred--;
        return next;
    }
}
