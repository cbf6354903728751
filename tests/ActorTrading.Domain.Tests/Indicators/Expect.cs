using Xunit.Sdk;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>Comparison of an indicator's values with those of another source, row by row.</summary>
internal static class Expect
{
    /// <summary>Below this, differences are the rounding of the other source's own doubles.</summary>
    private const double Floor = 1e-12;

    /// <summary>
    /// Every value is the expected one within <paramref name="relative"/> or <paramref name="absolute"/>; absent
    /// (NaN) exactly where nothing is expected.
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

    /// <summary>The same, where the table leaves out the values of rows that the indicator has.</summary>
    public static void SameWhereGiven(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double absolute) =>
        Same(expected, [.. actual.Select((value, row) => double.IsNaN(expected[row]) ? double.NaN : value)], 0, absolute);
}
