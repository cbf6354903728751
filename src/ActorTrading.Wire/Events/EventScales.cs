using ActorTrading.Wire.Bytes;

namespace ActorTrading.Wire.Events;

/// <summary>The common decimal exponents of the records of one event.</summary>
internal readonly struct EventScales(int timeExponent, int priceExponent, int sizeExponent, bool hasUnits)
{
    public int TimeExponent { get; } = timeExponent;

    public int PriceExponent { get; } = priceExponent;

    public int SizeExponent { get; } = sizeExponent;

    /// <summary>Whether each run includes its units.</summary>
    public bool HasUnits { get; } = hasUnits;

    public long Time { get; } = Scale.Of(timeExponent);

    public long Price { get; } = Scale.Of(priceExponent);

    public long Size { get; } = Scale.Of(sizeExponent);
}
