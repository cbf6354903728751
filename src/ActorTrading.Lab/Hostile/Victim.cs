using System.Net;

namespace ActorTrading.Lab.Hostile;

/// <summary>The addresses and tokens of the node under test, for its clients.</summary>
/// <param name="Ticks">The port for ticks.</param>
/// <param name="Http">The port for HTTP.</param>
/// <param name="Nodes">The port for other nodes; null for a node without one.</param>
internal sealed record Victim(IPEndPoint Ticks, IPEndPoint Http, IPEndPoint? Nodes)
{
    /// <summary>The token of the good feed, which may send <see cref="GoodSymbols"/> as <see cref="GoodSource"/>.</summary>
    public const string FeedToken = "the-token-of-the-good-feed-Zm9vYmFyYmF6";

    /// <summary>The token of the good reader, which may see <see cref="GoodSymbols"/>.</summary>
    public const string ReaderToken = "the-token-of-the-good-reader-cXV4cXV1eA";

    /// <summary>The token of the test itself, which may see everything.</summary>
    public const string WatcherToken = "the-token-of-the-watcher-Y29yZ2VncmF1bHQ";

    /// <summary>The token for the records that are sent before the test.</summary>
    public const string PastToken = "the-token-of-the-past-Z2FycGx5d2FsZG8tMDE";

    /// <summary>The token of hostile clients, with limited rights and quotas.</summary>
    public const string HostileToken = "the-token-of-hostile-clients-ZnJlZHBsdWdo";

    /// <summary>The token of hostile readers.</summary>
    public const string LookerToken = "the-token-of-hostile-lookers-eHl6enl0aHVk";

    public const string GoodSource = "good";
    public const string GoodSymbols = "GOOD*";

    /// <summary>A symbol with a long history, visible to hostile clients.</summary>
    public const string LongSymbol = "HLONG";

    /// <summary>The base address of the HTTP API.</summary>
    public Uri Api => new($"http://{Http}/");

    /// <summary>The access rules of the node.</summary>
    public static string Rules =>
        $$$"""
        {"tokens":[
          {"name":"good-feed","token":"{{{FeedToken}}}","sources":["{{{GoodSource}}}"],"symbols":["{{{GoodSymbols}}}"]},
          {"name":"good-reader","token":"{{{ReaderToken}}}","read":["{{{GoodSymbols}}}"]},
          {"name":"watcher","token":"{{{WatcherToken}}}","read":["*"]},
          {"name":"past","token":"{{{PastToken}}}","sources":["past"],"symbols":["{{{LongSymbol}}}"]},
          {"name":"hostile","token":"{{{HostileToken}}}","sources":["bad*"],"symbols":["H*"],"read":["H*"],
           "limits":{"records_per_second":2000,"symbols":500,"connections":200,"queries":4}},
          {"name":"looker","token":"{{{LookerToken}}}","read":["H*"],"limits":{"connections":400,"queries":4}}
        ]}
        """;
}
