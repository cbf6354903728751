namespace ActorTrading.Domain.Indicators.Parts;

/// <summary>
/// The mean of the last <c>n</c> numbers from 0 to 100. If a number in the window is absent, the mean is absent. Numbers are stored in
/// units of 2^-56 (1.4e-17), so the sum is exact and never drifts. O(1) per step.
/// </summary>
public sealed class MovingPercentage
{
    private const double UnitsPerOne = 1L << 56;

    private readonly MovingSum sum;
    private readonly IntegerCell stepsWithAbsent;

    /// <summary>Creates a mean over that many numbers.</summary>
    public MovingPercentage(StateLayout layout, int length)
    {
        sum = new MovingSum(layout, length);
        stepsWithAbsent = layout.Integer();
    }

    /// <summary>Whether the window is full, absent numbers included.</summary>
    public bool IsFull(Span<long> state) => sum.IsFull(state);

    /// <summary>Adds a number; returns the mean, or <see cref="Indicator.Absent"/>.</summary>
    public double Step(Span<long> state, double number)
    {
        ref var steps = ref stepsWithAbsent.In(state);
        if (double.IsNaN(number)) steps = sum.Length;
        else if (steps > 0) steps--;

        var total = sum.Push(state, double.IsNaN(number) ? 0 : (long)Math.Round(number * UnitsPerOne));
        return sum.IsFull(state) && steps == 0 ? (double)total / sum.Length / UnitsPerOne : Indicator.Absent;
    }
}
