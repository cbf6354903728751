using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Signals;

/// <summary>Offsets, in a symbol's words, of the values that rules read. Called only when a rule is compiled.</summary>
public interface IValueLocations
{
    /// <summary>
    /// Offset of the word with the current value of that output as the raw bits of a double; NaN while absent. The spec has one output and
    /// no frame.
    /// </summary>
    int IndicatorValue(IndicatorSpec spec, Frame frame);

    /// <summary>
    /// Offset of the first word of the frame's last closed <see cref="Bar"/>, with the layout of that struct. All words are 0 while there
    /// is none. On the tick frame: the last price.
    /// </summary>
    int LastBar(Frame frame);
}
