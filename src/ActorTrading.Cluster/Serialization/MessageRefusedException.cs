using System.Runtime.Serialization;

namespace ActorTrading.Cluster.Serialization;

/// <summary>Nodes never send a message of this type to each other. It was neither read nor written.</summary>
public sealed class MessageRefusedException(string message) : SerializationException(message);
