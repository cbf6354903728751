using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Signals;

namespace ActorTrading.Domain.Tests.Signals;

/// <summary>
/// The input of a rule's evaluation: each value by its canonical name (absent ones missing), and the number of closed bars of each frame.
/// </summary>
internal sealed record Moment(long Time, IReadOnlyDictionary<string, double> Values, IReadOnlyDictionary<Frame, int> BarsClosed);

/// <summary>
/// A slow and simple version of the rule language: each step evaluates the whole past with nullable booleans. Only the times of firing are
/// kept.
/// </summary>
internal sealed class NaiveRule(Rule rule, IReadOnlyList<Moment> past)
{
    private readonly Frame ruleFrame = rule.Condition.Values.Min(value => value.On!.Value);

    public IReadOnlyList<bool> Fired()
    {
        var fired = new List<bool>();
        long? last = null;
        for (var i = 0; i < past.Count; i++)
        {
            var rises = Truth(rule.Condition, i) == true && (i == 0 || Truth(rule.Condition, i - 1) != true);
            var fires = rises && (last is null || rule.Cooldown == 0 || past[i].Time - last >= rule.Cooldown);
            if (fires) last = past[i].Time;
            fired.Add(fires);
        }

        return fired;
    }

    private bool? Truth(Condition condition, int at) => condition switch
    {
        Comparison c => Compare(Number(c.Left, at), c.Comparator, Number(c.Right, at)),
        Crossing c => Crosses(c, at),
        Not c => !Truth(c.Inner, at),
        And c => Truth(c.Left, at) & Truth(c.Right, at),
        Or c => Truth(c.Left, at) | Truth(c.Right, at),
        Held c => Holds(c, at),
        _ => throw new NotSupportedException(),
    };

    private static bool? Compare(double? a, Comparator comparator, double? b)
    {
        if (a is null || b is null) return null;
        var order = a.Value.CompareTo(b.Value);
        return comparator switch
        {
            Comparator.Less => order < 0,
            Comparator.AtMost => order <= 0,
            Comparator.Greater => order > 0,
            Comparator.AtLeast => order >= 0,
            Comparator.Equal => order == 0,
            _ => order != 0,
        };
    }

    private bool? Crosses(Crossing crossing, int at)
    {
        var now = IsBeyond(at);
        if (now is null) return null;
        for (var before = at - 1; before >= 0; before--)
        {
            if (IsBeyond(before) is { } then) return now.Value && !then;
        }

        return null;

        bool? IsBeyond(int moment) =>
            Compare(Number(crossing.Left, moment), crossing.Above ? Comparator.Greater : Comparator.Less, Number(crossing.Right, moment));
    }

    private bool? Holds(Held held, int at)
    {
        var frame = held.Values.Min(value => value.On!.Value);
        var bars = new List<bool?>();
        for (var moment = at; moment >= 0 && bars.Count < held.Bars; moment--)
        {
            var barsBefore = moment == 0 ? 0 : past[moment - 1].BarsClosed[frame];
            if (frame == ruleFrame || past[moment].BarsClosed[frame] > barsBefore) bars.Add(Truth(held.Inner, moment));
        }

        while (bars.Count < held.Bars) bars.Add(null);
        return bars.Aggregate((a, b) => a & b);
    }

    private double? Number(Operand operand, int at)
    {
        double? number = operand switch
        {
            Constant c => c.Value,
            MarketValue v => past[at].Values.TryGetValue(v.ToString(), out var value) ? value : null,
            Negated n => -Number(n.Inner, at),
            Arithmetic { Sign: '+' } a => Number(a.Left, at) + Number(a.Right, at),
            Arithmetic { Sign: '-' } a => Number(a.Left, at) - Number(a.Right, at),
            Arithmetic { Sign: '*' } a => Number(a.Left, at) * Number(a.Right, at),
            Arithmetic a => Number(a.Left, at) / Number(a.Right, at),
            _ => throw new NotSupportedException(),
        };
        return number is { } found && double.IsFinite(found) ? found + 0.0 : null; // + 0.0: CompareTo distinguishes -0 from 0
    }
}
