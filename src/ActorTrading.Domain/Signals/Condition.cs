using System.Globalization;

namespace ActorTrading.Domain.Signals;

/// <summary>A condition of a rule: true, false, or unknown while a value it needs is absent.</summary>
public abstract record Condition : Expression
{
    /// <summary>A copy with each market value replaced, from left to right.</summary>
    public abstract Condition Map(Func<MarketValue, MarketValue> replace);

    /// <summary>This condition and all conditions within it.</summary>
    public abstract IEnumerable<Condition> SelfAndParts { get; }
}

/// <summary>Comparison operators.</summary>
public enum Comparator
{
    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    AtMost,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    AtLeast,

    /// <summary><c>=</c>: exactly equal values.</summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,
}

/// <summary>Text of comparison operators.</summary>
public static class Comparators
{
    /// <summary>The operator in rules.</summary>
    public static string Sign(this Comparator comparator) => comparator switch
    {
        Comparator.Less => "<",
        Comparator.AtMost => "<=",
        Comparator.Greater => ">",
        Comparator.AtLeast => ">=",
        Comparator.Equal => "=",
        Comparator.NotEqual => "!=",
        _ => throw new ArgumentOutOfRangeException(nameof(comparator), comparator, null),
    };
}

/// <summary><c>close &gt; sma(20)</c>: unknown while a side is absent.</summary>
public sealed record Comparison(Operand Left, Comparator Comparator, Operand Right) : Condition
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => Left.Values.Concat(Right.Values);

    /// <inheritdoc/>
    public override IEnumerable<Condition> SelfAndParts => [this];

    /// <inheritdoc/>
    public override Condition Map(Func<MarketValue, MarketValue> replace) =>
        new Comparison(Left.Map(replace), Comparator, Right.Map(replace));

    /// <inheritdoc/>
    protected override string Spell() => $"{Left} {Comparator.Sign()} {Right}";
}

/// <summary>
/// <c>ema(20) crosses above ema(100)</c>: above now, and not above the last time both sides were present.
/// </summary>
public sealed record Crossing(Operand Left, bool Above, Operand Right) : Condition
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => Left.Values.Concat(Right.Values);

    /// <inheritdoc/>
    public override IEnumerable<Condition> SelfAndParts => [this];

    /// <inheritdoc/>
    public override Condition Map(Func<MarketValue, MarketValue> replace) =>
        new Crossing(Left.Map(replace), Above, Right.Map(replace));

    /// <inheritdoc/>
    protected override string Spell() => $"{Left} crosses {(Above ? "above" : "below")} {Right}";
}

/// <summary><c>not (…)</c></summary>
public sealed record Not(Condition Inner) : Condition
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => Inner.Values;

    /// <inheritdoc/>
    public override IEnumerable<Condition> SelfAndParts => Inner.SelfAndParts.Prepend(this);

    /// <inheritdoc/>
    public override Condition Map(Func<MarketValue, MarketValue> replace) => new Not(Inner.Map(replace));

    /// <inheritdoc/>
    protected override string Spell() => $"not ({Inner})";
}

/// <summary><c>… and …</c></summary>
public sealed record And(Condition Left, Condition Right) : Condition
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => Left.Values.Concat(Right.Values);

    /// <inheritdoc/>
    public override IEnumerable<Condition> SelfAndParts => Left.SelfAndParts.Concat(Right.SelfAndParts).Prepend(this);

    /// <inheritdoc/>
    public override Condition Map(Func<MarketValue, MarketValue> replace) => new And(Left.Map(replace), Right.Map(replace));

    /// <inheritdoc/>
    protected override string Spell()
    {
        var left = Left is Or ? $"({Left})" : Left.ToString();
        var right = Right is Or or And ? $"({Right})" : Right.ToString();
        return $"{left} and {right}";
    }
}

/// <summary><c>… or …</c></summary>
public sealed record Or(Condition Left, Condition Right) : Condition
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => Left.Values.Concat(Right.Values);

    /// <inheritdoc/>
    public override IEnumerable<Condition> SelfAndParts => Left.SelfAndParts.Concat(Right.SelfAndParts).Prepend(this);

    /// <inheritdoc/>
    public override Condition Map(Func<MarketValue, MarketValue> replace) => new Or(Left.Map(replace), Right.Map(replace));

    /// <inheritdoc/>
    protected override string Spell() => $"{Left} or {(Right is Or ? $"({Right})" : Right)}";
}

/// <summary><c>… for N bars</c>: true at each of the last N bars of the smallest frame within it.</summary>
public sealed record Held(Condition Inner, int Bars) : Condition
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => Inner.Values;

    /// <inheritdoc/>
    public override IEnumerable<Condition> SelfAndParts => Inner.SelfAndParts.Prepend(this);

    /// <inheritdoc/>
    public override Condition Map(Func<MarketValue, MarketValue> replace) => new Held(Inner.Map(replace), Bars);

    /// <inheritdoc/>
    protected override string Spell()
    {
        var inner = Inner is Comparison or Crossing ? Inner.ToString() : $"({Inner})";
        return string.Create(CultureInfo.InvariantCulture, $"{inner} for {Bars} {(Bars == 1 ? "bar" : "bars")}");
    }
}
