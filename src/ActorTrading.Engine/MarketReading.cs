using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// A symbol as a table of the whole market shows it. Prices count units of price, the volume units of size, as
/// <paramref name="Units"/> says.
/// </summary>
/// <param name="Events">The number of the last event that it contains.</param>
/// <param name="Price">The last price; null before the first.</param>
/// <param name="Time">The stamp of the last price; the beginning of all time before the first.</param>
/// <param name="Records">Records folded, late ones included.</param>
/// <param name="Late">Those of them that were late.</param>
/// <param name="Day">The trading day of the newest bar, or of the last price, in days since 1970-01-01;
/// <see cref="int.MinValue"/> outside of sessions.</param>
/// <param name="PriceBefore">The close of the trading day before; null where it is not known.</param>
/// <param name="Volume">What was traded in the trading day; null where the plan has no bars of a day.</param>
/// <param name="BarsClosed">How many bars of the frame of <paramref name="Closes"/> have closed since it came to life:
/// tells whether that list has changed.</param>
/// <param name="Closes">Closes of the last bars of 1min, or of the smallest frame of the plan where that has no such,
/// the oldest first.</param>
public sealed record MarketReading(
    Symbol Symbol, long Events, Units Units, long? Price, Timestamp Time, long Records, long Late,
    int Day, long? PriceBefore, Int128? Volume, long BarsClosed, IReadOnlyList<long> Closes);
