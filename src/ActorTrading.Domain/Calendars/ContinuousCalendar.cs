using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Calendars;

/// <summary>Trading around the clock, every day; a day begins at midnight UTC. The calendar of crypto markets, and the default.</summary>
public sealed class ContinuousCalendar : TradingCalendar
{
    /// <inheritdoc/>
    public override string Name => "24h";

    /// <inheritdoc/>
    public override Bucket SessionAt(Timestamp time) => DayOf(time.DayNumber);

    /// <inheritdoc/>
    public override Bucket DayOf(int date) => new(date * Timestamp.Day, (date + 1) * Timestamp.Day, date);

    /// <inheritdoc/>
    public override int DateOfDailyBar(Timestamp stamp) => stamp.DayNumber;
}
