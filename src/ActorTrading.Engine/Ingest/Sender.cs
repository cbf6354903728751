using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Who hands something in: the door (<c>tcp</c>, <c>http</c>), the other end's address as text, and the source that it speaks for
/// (<see cref="Source.Anonymous"/> where it named none), and what it may do (null: everything).
/// </summary>
public readonly record struct Sender(string Door, string Peer, Source Source, Grant? Grant = null);
