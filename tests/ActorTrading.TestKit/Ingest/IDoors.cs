using ActorTrading.Engine.Ingest;

namespace ActorTrading.TestKit.Ingest;

/// <summary>Opens doors of one kind, and keeps what they stand on for the tests of a class.</summary>
public interface IDoors
{
    /// <summary>Opens one.</summary>
    IIngestListener Open(IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null);
}
