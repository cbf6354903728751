namespace ActorTrading.Wire.Files;

/// <summary>Which way the times of an input's symbols go.</summary>
public enum TimeOrder
{
    /// <summary>Not known: no symbol has two times that differ.</summary>
    Unknown,

    /// <summary>Up.</summary>
    OldestFirst,

    /// <summary>Down.</summary>
    NewestFirst,

    /// <summary>Up and down.</summary>
    Mixed,
}
