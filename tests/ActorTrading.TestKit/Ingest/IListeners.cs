using ActorTrading.Engine.Ingest;

namespace ActorTrading.TestKit.Ingest;

/// <summary>Opens listeners of one kind, and keeps what they stand on for the tests of a class.</summary>
public interface IListeners
{
    /// <summary>Opens one.</summary>
    IngestListener Open(IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null);
}
