namespace ActorTrading.Engine;

/// <summary>The engine accepts no records (any more); the message gives the reason.</summary>
public sealed class EngineStoppedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A copy of this exception, to throw to another caller.</summary>
    internal EngineStoppedException Copy() => new(Message, InnerException);
}
