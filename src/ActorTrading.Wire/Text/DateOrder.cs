namespace ActorTrading.Wire.Text;

/// <summary>The first part of dates such as <c>01/05/2024</c>.</summary>
public enum DateOrder : byte
{
    /// <summary>Unknown: only unambiguous dates are read.</summary>
    Unknown,

    /// <summary>The day.</summary>
    DayFirst,

    /// <summary>The month.</summary>
    MonthFirst,
}
