using ActorTrading.Domain.Values;

namespace ActorTrading.Engine;

/// <summary>
/// A row of the market table: the values of one symbol. Prices are in price units and volume in size units, as given by
/// <paramref name="Units"/>.
/// </summary>
/// <param name="Events">The number of the last event that the row includes.</param>
/// <param name="Price">The last price; null before the first.</param>
/// <param name="Time">The timestamp of the last price; the minimum timestamp before the first price.</param>
/// <param name="Records">Folded records, including late ones.</param>
/// <param name="Late">Late records among them.</param>
/// <param name="Day">
/// The trading day of the newest bar, or of the last price, in days since 1970-01-01; <see cref="int.MinValue"/> outside of sessions.
/// </param>
/// <param name="PriceBefore">The close of the previous trading day; null if unknown.</param>
/// <param name="Volume">The volume of the trading day; null if the plan has no daily bars.</param>
/// <param name="BarsClosed">
/// Number of bars of the frame of <paramref name="Closes"/> closed since the symbol became active: shows whether that list has changed.
/// </param>
/// <param name="Closes">Closes of the last 1min bars, or of the plan's smallest frame if it has no 1min; the oldest first.</param>
public sealed record MarketReading(
    Symbol Symbol, long Events, Units Units, long? Price, Timestamp Time, long Records, long Late,
    int Day, long? PriceBefore, Int128? Volume, long BarsClosed, IReadOnlyList<long> Closes);
