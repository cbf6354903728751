namespace ActorTrading.Wire.Text;

/// <summary>Which end of a bar its time is.</summary>
public enum BarStamp
{
    /// <summary>The start of the bar.</summary>
    Start,

    /// <summary>The end of the bar: the first moment after it.</summary>
    End,
}
