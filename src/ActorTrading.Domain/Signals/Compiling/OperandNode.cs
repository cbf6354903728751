using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Signals.Compiling;

/// <summary>An operand bound to where its values stand. NaN means absent; what is present is finite.</summary>
internal abstract class OperandNode
{
    public abstract double Read(Span<long> state);
}

internal sealed class ConstantNode(double value) : OperandNode
{
    public override double Read(Span<long> state) => value;
}

internal sealed class IndicatorNode(int offset) : OperandNode
{
    public override double Read(Span<long> state) => BitConverter.Int64BitsToDouble(state[offset]);
}

internal sealed class BarNode(int offset, BarField field) : OperandNode
{
    private static readonly int Words = Unsafe.SizeOf<Bar>() / sizeof(long);

    public static ref Bar In(Span<long> state, int offset) =>
        ref MemoryMarshal.Cast<long, Bar>(state.Slice(offset, Words))[0];

    public override double Read(Span<long> state)
    {
        ref var bar = ref In(state, offset);
        if (bar.Close == 0) return Indicator.Absent;
        return field switch
        {
            BarField.Open => Fixed8.ToDouble(bar.Open),
            BarField.High => Fixed8.ToDouble(bar.High),
            BarField.Low => Fixed8.ToDouble(bar.Low),
            BarField.Close => Fixed8.ToDouble(bar.Close),
            _ => (double)bar.Volume / Fixed8.One,
        };
    }
}

/// <summary>A sum, difference, product or quotient. One without a finite value, such as x / 0, is absent.</summary>
internal sealed class ArithmeticNode(OperandNode left, char sign, OperandNode right) : OperandNode
{
    public override double Read(Span<long> state)
    {
        var a = left.Read(state);
        var b = right.Read(state);
        var result = sign switch
        {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            _ => a / b,
        };
        return double.IsFinite(result) ? result : Indicator.Absent;
    }
}

internal sealed class NegatedNode(OperandNode inner) : OperandNode
{
    public override double Read(Span<long> state) => -inner.Read(state);
}
