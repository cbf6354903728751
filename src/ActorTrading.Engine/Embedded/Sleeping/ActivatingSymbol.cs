using ActorTrading.Domain.Folding;
using ActorTrading.Engine.Symbols;

namespace ActorTrading.Engine.Embedded.Sleeping;

/// <summary>A symbol that is being read from the journal, and the records that wait for it, in their order.</summary>
internal sealed class ActivatingSymbol(PassivatedSymbol sleeper, SymbolPlan plan)
{
    private readonly Queue<(Part Part, int At)> waiting = new();

    public PassivatedSymbol Sleeper => sleeper;

    public SymbolPlan Plan => plan;

    /// <summary>What was read; null before.</summary>
    public HostedSymbol? Awake { get; set; }

    public bool IsAwaited => waiting.Count > 0;

    /// <summary>A record of a part waits for it, by its place in that part.</summary>
    public void Defer(Part part, int at)
    {
        waiting.Enqueue((part, at));
        part.Deferred++;
    }

    /// <summary>The record that has waited longest.</summary>
    public (Part Part, int At) Next()
    {
        var next = waiting.Dequeue();
        next.Part.Deferred--;
        return next;
    }
}
