using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Signals;

/// <summary>An expression of a rule: a number (<see cref="Operand"/>) or a condition (<see cref="Condition"/>).</summary>
public abstract record Expression
{
    /// <summary>The market values that it reads, from left to right.</summary>
    public abstract IEnumerable<MarketValue> Values { get; }

    /// <summary>The canonical spelling, which parses to the same expression.</summary>
    public sealed override string ToString() => Spell();

    /// <summary>Writes the canonical spelling.</summary>
    protected abstract string Spell();
}

/// <summary>A numeric expression of a rule. It has no value while a value it needs is absent.</summary>
public abstract record Operand : Expression
{
    /// <summary>A copy with each market value replaced, from left to right.</summary>
    public abstract Operand Map(Func<MarketValue, MarketValue> replace);
}

/// <summary>A numeric constant.</summary>
public sealed record Constant(double Value) : Operand
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => [];

    /// <inheritdoc/>
    public override Operand Map(Func<MarketValue, MarketValue> replace) => this;

    /// <inheritdoc/>
    protected override string Spell() => Value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A market value on a frame. The frame may be missing until the rule is resolved.</summary>
public abstract record MarketValue : Operand
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => [this];

    /// <summary>The frame of the value; null means the plan's smallest bar frame.</summary>
    public abstract Frame? On { get; }

    /// <summary>A copy on another frame.</summary>
    public abstract MarketValue WithFrame(Frame? frame);

    /// <inheritdoc/>
    public override Operand Map(Func<MarketValue, MarketValue> replace) => replace(this);
}

/// <summary>One output of an indicator, at the last closed bar of its frame.</summary>
public sealed record IndicatorValue(IndicatorSpec Spec) : MarketValue
{
    /// <inheritdoc/>
    public override Frame? On => Spec.Frame;

    /// <inheritdoc/>
    public override MarketValue WithFrame(Frame? frame) => new IndicatorValue(Spec with { Frame = frame });

    /// <inheritdoc/>
    protected override string Spell() => Spec.ToString();
}

/// <summary>A field of a bar.</summary>
public enum BarField
{
    /// <summary>The first price.</summary>
    Open,

    /// <summary>The highest price.</summary>
    High,

    /// <summary>The lowest price.</summary>
    Low,

    /// <summary>The last price; on the tick frame the price.</summary>
    Close,

    /// <summary>The traded volume; on the tick frame the size.</summary>
    Volume,
}

/// <summary>A field of the last closed bar of its frame.</summary>
public sealed record BarValue(BarField Field, Frame? Frame = null) : MarketValue
{
    /// <inheritdoc/>
    public override Frame? On => Frame;

    /// <inheritdoc/>
    public override MarketValue WithFrame(Frame? frame) => new BarValue(Field, frame);

    /// <summary>
    /// Parses a field's name: <c>open</c>, <c>high</c>, <c>low</c>, <c>close</c> or <c>price</c>, <c>volume</c> or <c>size</c>.
    /// </summary>
    public static bool TryParseField(ReadOnlySpan<char> text, out BarField field)
    {
        BarField? found = text switch
        {
            "open" => BarField.Open,
            "high" => BarField.High,
            "low" => BarField.Low,
            "close" or "price" => BarField.Close,
            "volume" or "size" => BarField.Volume,
            _ => null,
        };
        field = found.GetValueOrDefault();
        return found.HasValue;
    }

    /// <inheritdoc/>
    protected override string Spell()
    {
        var name = Field switch
        {
            BarField.Open => "open",
            BarField.High => "high",
            BarField.Low => "low",
            BarField.Close => "close",
            _ => "volume",
        };
        return Frame is { } frame ? $"{name}@{frame.Name()}" : name;
    }
}

/// <summary>An arithmetic operation on two operands: <c>+</c>, <c>-</c>, <c>*</c> or <c>/</c>.</summary>
public sealed record Arithmetic(Operand Left, char Sign, Operand Right) : Operand
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => Left.Values.Concat(Right.Values);

    private bool IsSum => Sign is '+' or '-';

    /// <inheritdoc/>
    public override Operand Map(Func<MarketValue, MarketValue> replace) =>
        new Arithmetic(Left.Map(replace), Sign, Right.Map(replace));

    /// <inheritdoc/>
    protected override string Spell()
    {
        // Operators of one precedence are left-associative, so only a right-hand side of the same precedence needs brackets.
        var left = Left is Arithmetic { IsSum: true } && !IsSum ? $"({Left})" : Left.ToString();
        var right = Right is Arithmetic r && (r.IsSum || !IsSum) ? $"({Right})" : Right.ToString();
        return $"{left} {Sign} {right}";
    }
}

/// <summary>The negation of an operand that is not a constant (a constant includes its sign).</summary>
public sealed record Negated(Operand Inner) : Operand
{
    /// <inheritdoc/>
    public override IEnumerable<MarketValue> Values => Inner.Values;

    /// <inheritdoc/>
    public override Operand Map(Func<MarketValue, MarketValue> replace) => new Negated(Inner.Map(replace));

    /// <inheritdoc/>
    protected override string Spell() => Inner is Arithmetic ? $"-({Inner})" : $"-{Inner}";
}
