namespace ActorTrading.Domain.Values;

/// <summary>
/// The decimals of integer prices and quantities: an integer counts 10^-decimals. 0 to <see cref="MaxDecimals"/> for an instrument, up to
/// <see cref="MaxCarried"/> for received records. The default is eight for both. Immutable.
/// </summary>
public readonly struct Units : IEquatable<Units>
{
    /// <summary>Maximum decimals of an instrument.</summary>
    public const int MaxDecimals = 18;

    /// <summary>Maximum decimals of a record until its instrument is known.</summary>
    public const int MaxCarried = 36;

    private const int Bits = 6;
    private const int InexactBit = 1 << (2 * Bits);

    // Differences from eight, six bits each, so that zero is the default; two units are compared as one number.
    private readonly short code;

    /// <summary>Creates units of that many decimals.</summary>
    /// <param name="isInexact">Whether the received number had to be rounded to fit its integer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of decimals is outside 0 to <see cref="MaxCarried"/>.</exception>
    public Units(int priceDecimals, int sizeDecimals, bool isInexact = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)priceDecimals, (uint)MaxCarried, nameof(priceDecimals));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)sizeDecimals, (uint)MaxCarried, nameof(sizeDecimals));
        code = (short)(Encode(sizeDecimals) | (Encode(priceDecimals) << Bits) | (isInexact ? InexactBit : 0));
    }

    private Units(short code) => this.code = code;

    /// <summary>Decimals of prices.</summary>
    public int PriceDecimals => Decode(code >> Bits);

    /// <summary>Decimals of sizes, quantities and volumes.</summary>
    public int SizeDecimals => Decode(code);

    /// <summary>Whether the received number had to be rounded to fit its integer.</summary>
    public bool IsInexact => (code & InexactBit) != 0;

    /// <summary>Both numbers of decimals and the inexact flag as one number.</summary>
    internal short Code => code;

    /// <summary>Whether both have eight decimals and the number is exact.</summary>
    public bool IsDefault => code == 0;

    /// <inheritdoc/>
    public bool Equals(Units other) => code == other.code;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Units other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => code;

    /// <inheritdoc/>
    public override string ToString() => $"{PriceDecimals}/{SizeDecimals}{(IsInexact ? " rounded" : "")}";

    /// <summary>Whether both units are equal.</summary>
    public static bool operator ==(Units left, Units right) => left.code == right.code;

    /// <summary>Whether the units differ.</summary>
    public static bool operator !=(Units left, Units right) => left.code != right.code;

    /// <summary>The units with that <see cref="Code"/>.</summary>
    internal static Units Of(short code) => new(code);

    private static int Encode(int decimals) => (decimals - Fixed8.Decimals) & ((1 << Bits) - 1);

    private static int Decode(int bits) => (bits << (32 - Bits) >> (32 - Bits)) + Fixed8.Decimals;
}
