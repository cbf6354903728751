using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Ingest.Connections;

/// <summary>What all connections of a listener share.</summary>
internal sealed record ListenerContext(IngestPipeline Pipeline, IngestOptions Options, TimeProvider Time)
{
    /// <summary>
    /// Called within the connection's lock when the client has sent a hello or a record (then without a source). Returns null if the
    /// connection may stay, otherwise the error.
    /// </summary>
    public Func<IngestConnection, Source?, long, IngestError?> Admit { get; init; } = static (_, _, _) => null;

    /// <summary>Called when the client has sent a hello and was admitted.</summary>
    public Action<IngestConnection, Source, long> OnHello { get; init; } = static (_, _, _) => { };

    /// <summary>Cache of symbol names.</summary>
    public SymbolTable Symbols { get; } = new(Pipeline.NamesKept);

    /// <summary>Cache of source names.</summary>
    public SourceTable Sources { get; } = new(Pipeline.NamesKept);
}
