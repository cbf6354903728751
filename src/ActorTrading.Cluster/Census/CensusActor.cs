using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using Akka.Actor;

namespace ActorTrading.Cluster.Census;

/// <summary>
/// Tells of the symbols that are awake on this node, many in one answer, so that nobody has to ask each of them over the network. They are asked here one by one,
/// since only they know their states, and not by way of their shards: a question keeps nobody awake and wakes nobody.
/// </summary>
internal sealed class CensusActor : ReceiveActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public CensusActor(SymbolHost symbols)
    {
        Receive<AskCensus>(asked => PageAsync(symbols, asked).PipeTo(Sender, failure: cause => new Status.Failure(cause)));
        Receive<AskChange>(asked =>
        {
            if (symbols.Awake.TryGetValue(asked.Symbol, out var symbol)) symbol.Forward(asked);
            else Sender.Tell(new SymbolChange(asked.Symbol, IsAwake: false, []));
        });
    }

    public static Props For(SymbolHost symbols) => Props.Create(() => new CensusActor(symbols));

    private static async Task<CensusPage> PageAsync(SymbolHost symbols, AskCensus asked)
    {
        var some = symbols.Awake.Where(one => string.CompareOrdinal(one.Key.Name, asked.After) > 0)
            .OrderBy(one => one.Key.Name, StringComparer.Ordinal).Take(symbols.Options.CensusPage).ToList();
        var answers = await Task.WhenAll(some.Select(one => AskAsync(one.Value, new AskEntry(one.Key, asked.IsHashed)))).ConfigureAwait(false);
        return new CensusPage([.. answers.OfType<CensusEntry>().Where(entry => entry.Events > 0)], some.Count < symbols.Options.CensusPage ? "" : some[^1].Key.Name);
    }

    /// <summary>Null from one that has stopped meanwhile.</summary>
    private static async Task<CensusEntry?> AskAsync(IActorRef symbol, AskEntry question)
    {
        try
        {
            return await symbol.Ask<CensusEntry>(question, Patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
