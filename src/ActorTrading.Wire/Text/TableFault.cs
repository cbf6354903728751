namespace ActorTrading.Wire.Text;

/// <summary>The reason why a table cannot be read: the line, the problem, and whether it is a table at all.</summary>
public sealed record TableFault(int Line, string Problem, bool IsTable)
{
    /// <summary>Whether the table has no rows.</summary>
    public bool IsEmpty { get; init; }
}
