using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Indicators.Parts;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>The building blocks of indicators, against lists.</summary>
public class PartsTests
{
    [Fact]
    public void Window_HoldsTheLastValues_ByAge() => Check((length, values) =>
    {
        var layout = new StateLayout();
        var window = new Window(layout, length);
        var state = new long[layout.Words];
        for (var i = 0; i < values.Length; i++)
        {
            var leaves = window.Push(state, values[i], out var oldest);
            if (leaves != (i >= length) || (leaves && oldest != values[i - length])) return false;
            if (window.IsFull(state) != (i + 1 >= length) || window.Count(state) != Math.Min(i + 1, length)) return false;
            for (var age = 0; age < window.Count(state); age++)
            {
                if (window.At(state, age) != values[i - age]) return false;
            }
        }

        return true;
    });

    [Fact]
    public void MovingExtremes_AreThoseOfTheWindow() => Check((length, values) =>
    {
        var layout = new StateLayout();
        var highest = MovingExtreme.Highest(layout, length);
        var lowest = MovingExtreme.Lowest(layout, length);
        var state = new long[layout.Words];
        for (var i = 0; i < values.Length; i++)
        {
            highest.Push(state, values[i]);
            lowest.Push(state, values[i]);
            var window = values[Math.Max(0, i + 1 - length)..(i + 1)];
            if (highest.Value(state) != window.Max() || lowest.Value(state) != window.Min()) return false;
        }

        return true;
    });

    [Fact]
    public void MovingPercentage_IsTheMean_AbsentWhileAnyOfThemIs() => Check((length, values) =>
    {
        var layout = new StateLayout();
        var mean = new MovingPercentage(layout, length);
        var state = new long[layout.Words];
        var numbers = values.Select(v => v < -3 ? double.NaN : (v + 5) / 11.0 * 100).ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            var actual = mean.Step(state, numbers[i]);
            var expected = i + 1 < length ? double.NaN : numbers[(i + 1 - length)..(i + 1)].Average();
            if (double.IsNaN(expected) ? !double.IsNaN(actual) : !(Math.Abs(actual - expected) < 1e-12)) return false;
        }

        return true;
    });

    [Fact]
    public void MovingPercentage_OfNothingButHundreds_IsAHundred()
    {
        var layout = new StateLayout();
        var mean = new MovingPercentage(layout, 3);
        var state = new long[layout.Words];

        Assert.True(double.IsNaN(mean.Step(state, 100)));
        Assert.True(double.IsNaN(mean.Step(state, 100)));
        for (var i = 0; i < 1000; i++) Assert.Equal(100, mean.Step(state, 100));
    }

    /// <summary>Short windows over few different values, so that equal values are frequent.</summary>
    private static void Check(Func<int, long[], bool> holds)
    {
        var cases =
            from length in Gen.Choose(1, 9)
            from values in Gen.Choose(-5, 5).Select(v => (long)v).ArrayOf()
            select (length, values);
        Prop.ForAll(cases.ToArbitrary(), c => holds(c.length, c.values)).QuickCheckThrowOnFailure();
    }
}
