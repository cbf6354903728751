namespace ActorTrading.Domain.Values;

/// <summary>
/// A quantity: an integer from zero up, in units of 1e-8. Conversion from and to text is exact. Range 0 to 92,233,720,368.54775807.
/// </summary>
public readonly record struct Quantity : IComparable<Quantity>
{
    private readonly long units;

    private Quantity(long units) => this.units = units;

    /// <summary>The quantity in units of 1e-8.</summary>
    public long Units => units;

    /// <summary>Creates a quantity from a count of 1e-8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Quantity FromUnits(long units) =>
        units >= 0 ? new(units) : throw new ArgumentOutOfRangeException(nameof(units), units, "A quantity is not negative.");

    /// <summary>Parses decimal text such as <c>0.5</c>.</summary>
    /// <exception cref="FormatException">The text is not a decimal number from zero up, or is out of range.</exception>
    public static Quantity Parse(string text) =>
        Fixed8.TryParse(text, out var units) == NumberStatus.Ok && units >= 0
            ? new(units)
            : throw new FormatException($"'{text}' is not a quantity.");

    /// <summary>The quantity as a double.</summary>
    public double ToDouble() => Fixed8.ToDouble(units);

    /// <inheritdoc/>
    public int CompareTo(Quantity other) => units.CompareTo(other.units);

    /// <summary>The shortest decimal text that parses to the same quantity.</summary>
    public override string ToString() => Fixed8.Format(units);
}
