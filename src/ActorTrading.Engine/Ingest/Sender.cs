using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// Sender of input: the listener (<c>tcp</c>, <c>http</c>), the remote address as text, the source (<see cref="Source.Anonymous"/> if none
/// was named), and its rights (null: all).
/// </summary>
public readonly record struct Sender(string Listener, string Peer, Source Source, Grant? Grant = null);
