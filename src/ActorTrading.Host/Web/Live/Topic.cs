namespace ActorTrading.Host.Web.Live;

/// <summary>The topics of subscriptions.</summary>
[Flags]
internal enum Topic
{
    None = 0,

    /// <summary>Signals, from a position in their log; none is skipped.</summary>
    Signals = 1,

    /// <summary>Closed bars.</summary>
    Bars = 2,

    /// <summary>Accepted records.</summary>
    Ticks = 4,

    /// <summary>Records that arrived too late for their bar.</summary>
    Late = 8,

    /// <summary>Rejected records, with the reason.</summary>
    Rejects = 16,

    /// <summary>Market table: all rows first, then changes, at most twice a second.</summary>
    Market = 32,

    /// <summary>The states of selected symbols, after each change.</summary>
    State = 64,
}
