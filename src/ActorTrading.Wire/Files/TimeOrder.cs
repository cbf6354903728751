namespace ActorTrading.Wire.Files;

/// <summary>Direction of the times of an input's symbols.</summary>
public enum TimeOrder
{
    /// <summary>Unknown: no symbol has two different times.</summary>
    Unknown,

    /// <summary>Ascending.</summary>
    OldestFirst,

    /// <summary>Descending.</summary>
    NewestFirst,

    /// <summary>Neither ascending nor descending.</summary>
    Mixed,
}
