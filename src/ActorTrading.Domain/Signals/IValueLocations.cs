using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Signals;

/// <summary>Where in a symbol's words the values stand that rules read. Asked when a rule is compiled, never later.</summary>
public interface IValueLocations
{
    /// <summary>
    /// The word that holds the current value of that output as the raw bits of a double, NaN while absent. The spec
    /// names one output and no frame.
    /// </summary>
    int IndicatorValue(IndicatorSpec spec, Frame frame);

    /// <summary>
    /// The first word of the frame's last closed <see cref="Bar"/>, laid out as that struct is; all of it is 0 while
    /// there is none. On the tick frame: the last price.
    /// </summary>
    int LastBar(Frame frame);
}
