using ActorTrading.Domain.Signals;

namespace ActorTrading.Domain.Plans;

/// <summary>
/// An error in a plan: its path in the JSON (<c>$.rules[1]</c>, <c>$.symbols.AAPL.frames[0]</c>), the problem, and the correction. For an
/// error within a rule or an indicator, <paramref name="Text"/> is the text of that rule or indicator and <paramref name="Column"/> the
/// position of the error (from 0).
/// </summary>
public sealed record PlanError(string Path, string Message, string? Text = null, int Column = -1)
{
    /// <summary>Whether the key at the path is wrong, and not its value.</summary>
    public bool IsKey { get; init; }

    /// <summary>For text that is not JSON: the line of the error in the plan and the byte in that line, both from 1.</summary>
    public (long Line, long Byte)? Position { get; init; }

    /// <summary>The error for display: one line, or three lines if there is a text; the added lines point at the column.</summary>
    public override string ToString()
    {
        if (Text is null || Column < 0) return $"{Path}: {Message}";
        var (line, caret) = new RuleError(Message, Column).PointAt(Text);
        return $"{Path}: column {Column + 1}: {Message}\n    {line}\n    {caret}";
    }
}
