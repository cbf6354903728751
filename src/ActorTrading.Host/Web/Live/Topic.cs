namespace ActorTrading.Host.Web.Live;

/// <summary>What can be subscribed to.</summary>
[Flags]
internal enum Topic
{
    None = 0,

    /// <summary>Signals, from a position in their log on; none is ever left out.</summary>
    Signals = 1,

    /// <summary>Bars as they close.</summary>
    Bars = 2,

    /// <summary>Accepted records.</summary>
    Ticks = 4,

    /// <summary>Records that came too late for their bar.</summary>
    Late = 8,

    /// <summary>What was refused, and why.</summary>
    Rejects = 16,

    /// <summary>What every symbol shows, as rows of a table: all of them first, then changes, at most twice a second.</summary>
    Market = 32,

    /// <summary>The states of some symbols, as they change.</summary>
    State = 64,
}
