using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Symbols;
using Akka.Actor;

namespace ActorTrading.Cluster.Census;

/// <summary>
/// Tells of the symbols that are awake on this node, many in one answer, so that nobody has to ask each of them over the
/// network. They are asked here one by one, since only they know their states, and not by way of their shards: a question keeps
/// nobody awake and wakes nobody.
/// </summary>
internal sealed class SymbolDirectoryActor : ReceiveActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public SymbolDirectoryActor(NodeContext symbols)
    {
        Receive<GetDirectory>(asked => PageAsync(symbols, asked).PipeTo(Sender, failure: cause => new Status.Failure(cause)));
        Receive<AskChange>(asked =>
        {
            if (symbols.Awake.TryGetValue(asked.Symbol, out var symbol)) symbol.Forward(asked);
            else Sender.Tell(new SymbolChange(asked.Symbol, IsAwake: false, []));
        });
    }

    public static Props For(NodeContext symbols) => Props.Create(() => new SymbolDirectoryActor(symbols));

    private static async Task<DirectoryPage> PageAsync(NodeContext symbols, GetDirectory asked)
    {
        var some = symbols.Awake.Where(one => string.CompareOrdinal(one.Key.Name, asked.After) > 0)
            .OrderBy(one => one.Key.Name, StringComparer.Ordinal).Take(symbols.Options.DirectoryPage).ToList();
        var answers = await Task.WhenAll(
            some.Select(one => AskAsync(one.Value, new GetDirectoryEntry(one.Key, asked.IsHashed)))).ConfigureAwait(false);
        return new DirectoryPage(
            [.. answers.OfType<DirectoryEntry>().Where(entry => entry.Events > 0)],
            some.Count < symbols.Options.DirectoryPage ? "" : some[^1].Key.Name);
    }

    /// <summary>Null from one that has stopped meanwhile.</summary>
    private static async Task<DirectoryEntry?> AskAsync(IActorRef symbol, GetDirectoryEntry question)
    {
        try
        {
            return await symbol.Ask<DirectoryEntry>(question, Patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
