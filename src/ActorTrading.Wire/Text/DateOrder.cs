namespace ActorTrading.Wire.Text;

/// <summary>What comes first in dates such as <c>01/05/2024</c>.</summary>
public enum DateOrder : byte
{
    /// <summary>Not known: only those that can be read one way are read.</summary>
    Unknown,

    /// <summary>The day.</summary>
    DayFirst,

    /// <summary>The month.</summary>
    MonthFirst,
}
