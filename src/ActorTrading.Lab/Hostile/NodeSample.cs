namespace ActorTrading.Lab.Hostile;

/// <summary>
/// What a node took at a moment: seconds since the trial began, bytes of resident memory, bytes of its folder, and how long its health took
/// to answer.
/// </summary>
internal readonly record struct NodeSample(double At, long Memory, long Disk, TimeSpan? Health);
