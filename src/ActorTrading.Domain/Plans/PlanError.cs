using ActorTrading.Domain.Signals;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// Why a plan is refused: where in its JSON (<c>$.rules[1]</c>, <c>$.symbols.AAPL.frames[0]</c>), what is wrong, and
/// what would be right. Where the fault is within a rule or an indicator, <paramref name="Text"/> is what was written
/// there and <paramref name="Column"/> the character at fault (from 0).
/// </summary>
public sealed record PlanError(string Path, string Message, string? Text = null, int Column = -1)
{
    /// <summary>The error as people read it: one line, or with a text two more that point at the column.</summary>
    public override string ToString()
    {
        if (Text is null || Column < 0) return $"{Path}: {Message}";
        var (line, caret) = new RuleError(Message, Column).PointAt(Text);
        return $"{Path}: column {Column + 1}: {Message}\n    {line}\n    {caret}";
    }
}
