using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using Akka.Actor;

namespace ActorTrading.Cluster.Queries;

/// <summary>
/// Actor that lists the active symbols of this node, many per answer, so that other nodes need not query each symbol over the
/// network. Queries the symbol actors locally, because only they know their state, and not through their shards: queries do not
/// activate symbols and do not delay passivation.
/// </summary>
internal sealed class SymbolDirectoryActor : ReceiveActor
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public SymbolDirectoryActor(NodeContext symbols)
    {
        Receive<GetDirectory>(asked => PageAsync(symbols, asked).PipeTo(Sender, failure: cause => new Status.Failure(cause)));
        Receive<GetSymbol>(asked =>
        {
            if (symbols.Awake.TryGetValue(asked.Symbol, out var symbol)) symbol.Forward(asked);
            else Sender.Tell(SymbolAnswer.Asleep(asked.Symbol));
        });
    }

    public static Props For(NodeContext symbols) => Props.Create(() => new SymbolDirectoryActor(symbols));

    private static async Task<DirectoryPage> PageAsync(NodeContext symbols, GetDirectory asked)
    {
        var some = symbols.Awake.Where(one => string.CompareOrdinal(one.Key.Name, asked.After) > 0)
            .OrderBy(one => one.Key.Name, StringComparer.Ordinal).Take(symbols.Options.DirectoryPage).ToList();
        var parts = asked.IsHashed ? SymbolParts.Hash : SymbolParts.None;
        var answers = await Task.WhenAll(some.Select(one => AskAsync(one.Value, new GetSymbol(one.Key, parts)))).ConfigureAwait(false);
        return new DirectoryPage(
            [.. answers.OfType<SymbolAnswer>().Select(answer => answer.Entry).Where(entry => entry.Events > 0)],
            some.Count < symbols.Options.DirectoryPage ? "" : some[^1].Key.Name);
    }

    /// <summary>Null without an answer: the symbol has stopped meanwhile.</summary>
    private static async Task<SymbolAnswer?> AskAsync(IActorRef symbol, GetSymbol question)
    {
        try
        {
            return await symbol.Ask<SymbolAnswer>(question, Timeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
