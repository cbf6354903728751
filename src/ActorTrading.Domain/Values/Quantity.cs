namespace ActorTrading.Domain.Values;

/// <summary>
/// How much was traded, offered or wanted: an integer from zero up, counting 1e-8 of a unit, exact
/// from text to text. Range 0 to 92,233,720,368.54775807.
/// </summary>
public readonly record struct Quantity : IComparable<Quantity>
{
    private readonly long units;

    private Quantity(long units) => this.units = units;

    /// <summary>The quantity counted in 1e-8.</summary>
    public long Units => units;

    /// <summary>A quantity of that many 1e-8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Quantity FromUnits(long units) =>
        units >= 0 ? new(units) : throw new ArgumentOutOfRangeException(nameof(units), units, "A quantity is not negative.");

    /// <summary>Reads decimal text such as <c>0.5</c>.</summary>
    /// <exception cref="FormatException">The text is no decimal number from zero up, or out of range.</exception>
    public static Quantity Parse(string text) =>
        Fixed8.TryParse(text, out var units) == NumberStatus.Ok && units >= 0
            ? new(units)
            : throw new FormatException($"'{text}' is not a quantity.");

    /// <summary>The quantity as a double.</summary>
    public double ToDouble() => Fixed8.ToDouble(units);

    /// <inheritdoc/>
    public int CompareTo(Quantity other) => units.CompareTo(other.units);

    /// <summary>The shortest decimal text that reads back to the same quantity.</summary>
    public override string ToString() => Fixed8.Format(units);
}
