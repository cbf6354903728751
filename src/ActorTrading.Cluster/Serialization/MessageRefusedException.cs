using System.Runtime.Serialization;

namespace ActorTrading.Cluster.Serialization;

/// <summary>A message is of a kind that nodes do not send to each other: nothing of it was read, or written.</summary>
public sealed class MessageRefusedException(string message) : SerializationException(message);
