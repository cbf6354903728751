using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Bytes;

/// <summary>
/// Codec of units in the binary formats: the decimals of prices and of sizes, one byte each. The high bit of the second byte means that the
/// received number had to be rounded to fit its integer.
/// </summary>
internal static class UnitBytes
{
    /// <summary>Length of units, in bytes.</summary>
    public const int Length = 2;

    private const int InexactBit = 0x80;

    /// <summary>Writes units.</summary>
    public static void Units(this ref ByteWriter to, Units units)
    {
        to.Byte((byte)units.PriceDecimals);
        to.Byte((byte)(units.SizeDecimals | (units.IsInexact ? InexactBit : 0)));
    }

    /// <summary>Reads units; fails if a number of decimals is not valid.</summary>
    public static Units Units(this ref ByteReader from)
    {
        int price = from.Byte();
        int size = from.Byte();
        var isInexact = (size & InexactBit) != 0;
        size &= ~InexactBit;
        if (price <= Domain.Values.Units.MaxCarried && size <= Domain.Values.Units.MaxCarried) return new Units(price, size, isInexact);
        from.Fail(Faults.BadUnits);
        return default;
    }
}
