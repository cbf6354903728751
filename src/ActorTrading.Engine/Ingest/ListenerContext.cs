using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Ingest;

/// <summary>What all connections of a listener share.</summary>
internal sealed record ListenerContext(IngestPipeline Pipeline, IngestOptions Options, TimeProvider Time, ConnectionEvents Events)
{
    /// <summary>Cache of symbol names.</summary>
    public SymbolTable Symbols { get; } = new(Pipeline.NamesKept);

    /// <summary>Cache of source names.</summary>
    public SourceTable Sources { get; } = new(Pipeline.NamesKept);
}
