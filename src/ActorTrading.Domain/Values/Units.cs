namespace ActorTrading.Domain.Values;

/// <summary>
/// What the integers of prices and quantities count: 10 to the power of minus so many decimals. Of an instrument 0 to
/// <see cref="MaxDecimals"/>, of what came in up to <see cref="MaxCarried"/>. The default is eight of both.
/// </summary>
public readonly struct Units : IEquatable<Units>
{
    /// <summary>The most decimals of an instrument.</summary>
    public const int MaxDecimals = 18;

    /// <summary>The most decimals that a record carries until its instrument is known.</summary>
    public const int MaxCarried = 36;

    private const int Bits = 6;
    private const int InexactBit = 1 << (2 * Bits);

    // Distances from eight in six bits each, so that a zero is the default; two units are compared as one number.
    private readonly short code;

    /// <summary>Units of that many decimals.</summary>
    /// <param name="isInexact">Whether what was read had to be rounded to fit its integers at all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of decimals is beyond 0 to <see cref="MaxCarried"/>.</exception>
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

    /// <summary>Whether what was read had to be rounded to fit its integers at all.</summary>
    public bool IsInexact => (code & InexactBit) != 0;

    /// <summary>Both numbers of decimals as one.</summary>
    internal short Code => code;

    /// <summary>Whether these are eight decimals of both, exact.</summary>
    public bool IsDefault => code == 0;

    /// <inheritdoc/>
    public bool Equals(Units other) => code == other.code;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Units other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => code;

    /// <inheritdoc/>
    public override string ToString() => $"{PriceDecimals}/{SizeDecimals}{(IsInexact ? " rounded" : "")}";

    /// <summary>Whether both count the same.</summary>
    public static bool operator ==(Units left, Units right) => left.code == right.code;

    /// <summary>Whether they count differently.</summary>
    public static bool operator !=(Units left, Units right) => left.code != right.code;

    /// <summary>The units with that <see cref="Code"/>.</summary>
    internal static Units Of(short code) => new(code);

    private static int Encode(int decimals) => (decimals - Fixed8.Decimals) & ((1 << Bits) - 1);

    private static int Decode(int bits) => (bits << (32 - Bits) >> (32 - Bits)) + Fixed8.Decimals;
}
