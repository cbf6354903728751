using ActorTrading.Domain.Signals.Compiling;

namespace ActorTrading.Domain.Signals;

/// <summary>A value of the market that a compiled rule reads, such as <c>rsi(14)@5min</c>: what a signal shows of why it fired.</summary>
public sealed class RuleOperand
{
    private readonly OperandNode node;

    internal RuleOperand(string name, OperandNode node)
    {
        Name = name;
        this.node = node;
    }

    /// <summary>The canonical spelling with its frame.</summary>
    public string Name { get; }

    /// <summary>Its value in a symbol's words; NaN while absent.</summary>
    public double Read(Span<long> state) => node.Read(state);
}
