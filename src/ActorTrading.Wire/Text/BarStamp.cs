namespace ActorTrading.Wire.Text;

/// <summary>Which end of a bar its stamp names.</summary>
public enum BarStamp
{
    /// <summary>The moment it opens.</summary>
    Start,

    /// <summary>The moment it closes: the first that is no longer part of it.</summary>
    End,
}
