namespace ActorTrading.Domain.Values;

/// <summary>
/// A price: a positive integer in units of 1e-8 of the currency unit. Conversion from and to text is exact. Range 0.00000001 to
/// 92,233,720,368.54775807.
/// </summary>
public readonly record struct Price : IComparable<Price>
{
    private readonly long units;

    private Price(long units) => this.units = units;

    /// <summary>The price in units of 1e-8.</summary>
    public long Units => units;

    /// <summary>Creates a price from a count of 1e-8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public static Price FromUnits(long units) =>
        units > 0 ? new(units) : throw new ArgumentOutOfRangeException(nameof(units), units, "A price is positive.");

    /// <summary>Parses decimal text such as <c>227.99</c>.</summary>
    /// <exception cref="FormatException">The text is not a positive decimal number in range.</exception>
    public static Price Parse(string text) =>
        Fixed8.TryParse(text, out var units) == NumberStatus.Ok && units > 0
            ? new(units)
            : throw new FormatException($"'{text}' is not a price.");

    /// <summary>The price as a double.</summary>
    public double ToDouble() => Fixed8.ToDouble(units);

    /// <inheritdoc/>
    public int CompareTo(Price other) => units.CompareTo(other.units);

    /// <summary>The shortest decimal text that parses to the same price.</summary>
    public override string ToString() => Fixed8.Format(units);
}
