using Xunit.Sdk;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>Compares an indicator's values with those of another source, row by row.</summary>
internal static class Expect
{
    /// <summary>Smaller differences come from the rounding of the other source's doubles.</summary>
    private const double Floor = 1e-12;

    /// <summary>
    /// Checks that every value equals the expected one within <paramref name="relative"/> or <paramref name="absolute"/>, and is absent
    /// (NaN) exactly where no value is expected.
    /// </summary>
    public static void Same(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double relative = 1e-9, double absolute = Floor)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Contains(expected, value => !double.IsNaN(value));
        for (var row = 0; row < expected.Count; row++)
        {
            if (double.IsNaN(expected[row]) && double.IsNaN(actual[row])) continue;
            var tolerance = Math.Max(Math.Abs(expected[row]) * relative, absolute);
            if (!(Math.Abs(expected[row] - actual[row]) <= tolerance))
            {
                throw new XunitException($"row {row}: {actual[row]:R} instead of {expected[row]:R}");
            }
        }
    }

    /// <summary>The same, for a table that leaves out rows for which the indicator has values.</summary>
    public static void SameWhereGiven(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double absolute) =>
        Same(expected, [.. actual.Select((value, row) => double.IsNaN(expected[row]) ? double.NaN : value)], 0, absolute);
}
