using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// A symbol as a gauge shows it: last price in units of its plan (0 before the first) and its stamp, records folded in time and
/// late, and each frame of its plan.
/// </summary>
public sealed record SymbolReading(
    Symbol Symbol, long LastPrice, Timestamp LastTime, long Applied, long Late, IReadOnlyList<FrameReading> Frames);

/// <summary>
/// One frame of a symbol: bars closed since the engine began, and what the indicators of the last closed bar say, in the order of the
/// plan's columns (NaN where absent, or of another frame).
/// </summary>
public sealed record FrameReading(Frame Frame, long Bars, IReadOnlyList<double> Values);
