using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Signals.Compiling;

/// <summary>An operand bound to the offsets of its values. NaN means absent; every other value is finite.</summary>
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

internal sealed class BarNode(int offset, BarField field, double priceOne, double sizeOne) : OperandNode
{
    private static readonly int Words = Unsafe.SizeOf<Bar>() / sizeof(long);

    public static ref Bar In(Span<long> state, int offset) =>
        ref MemoryMarshal.Cast<long, Bar>(state.Slice(offset, Words))[0];

    public override double Read(Span<long> state)
    {
        ref var bar = ref In(state, offset);
        if (!bar.IsThere) return Indicator.Absent;
        return field switch
        {
            BarField.Open => bar.Open / priceOne,
            BarField.High => bar.High / priceOne,
            BarField.Low => bar.Low / priceOne,
            BarField.Close => bar.Close / priceOne,
            _ => (double)bar.Volume / sizeOne,
        };
    }
}

/// <summary>A sum, difference, product or quotient. A result that is not finite, such as x / 0, is absent.</summary>
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
