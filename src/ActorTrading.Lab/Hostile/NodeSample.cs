namespace ActorTrading.Lab.Hostile;

/// <summary>
/// A sample of a node's resources: seconds since the start of the test, resident memory in bytes, folder size in bytes, and the response
/// time of its health endpoint.
/// </summary>
internal readonly record struct NodeSample(double At, long Memory, long Disk, TimeSpan? Health);
