using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Records;

/// <summary>
/// A bar made elsewhere, stamped at the moment it opens. One of a frame is complete when it comes; one of no frame (<see cref="Frame.Tick"/>) is a part of
/// the smallest bar, as a tick is.
/// </summary>
public readonly record struct OhlcvBar(
    Symbol Symbol, Identity Id, Timestamp OpenTime, Frame Frame, Price Open, Price High, Price Low, Price Close, Quantity Volume)
{
    /// <summary>Reads a checked record of this kind.</summary>
    public static OhlcvBar From(in Record record) => new(
        record.Symbol, record.Id, record.Time, record.Frame,
        Price.FromUnits(record.A), Price.FromUnits(record.B), Price.FromUnits(record.C), Price.FromUnits(record.D),
        Quantity.FromUnits(checked((long)record.Volume)));

    /// <summary>The record that carries it.</summary>
    public Record ToRecord() => Record.OfBar(
        Symbol, Id, OpenTime, Frame, Open.Units, High.Units, Low.Units, Close.Units, Volume.Units);
}
