using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// Values of a symbol for gauges: the last price in units of its plan (0 before the first price) and its timestamp, the numbers of records
/// folded in time and late, and each frame of its plan.
/// </summary>
public sealed record SymbolReading(
    Symbol Symbol, long LastPrice, Timestamp LastTime, long Applied, long Late, IReadOnlyList<FrameReading> Frames);

/// <summary>
/// One frame of a symbol: bars closed since the engine started, and the indicator values of the last closed bar, in the order of the plan's
/// columns (NaN if absent or of another frame).
/// </summary>
public sealed record FrameReading(Frame Frame, long Bars, IReadOnlyList<double> Values);
