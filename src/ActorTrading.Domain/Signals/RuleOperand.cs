using ActorTrading.Domain.Signals.Compiling;

namespace ActorTrading.Domain.Signals;

/// <summary>
/// A market value that a compiled rule reads, such as <c>rsi(14)@5min</c>. Signals contain these values to show why the rule fired.
/// </summary>
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

    /// <summary>The value in a symbol's words; NaN while absent.</summary>
    public double Read(Span<long> state) => node.Read(state);
}
