using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Accounting;

namespace ActorTrading.Connectors.Outbound;

/// <summary>
/// The stream of records that this node rejected: the lines of its quarantine, from a position on. Receivers drop lines whose id they
/// already have. A record that was rejected twice has two ids.
/// </summary>
/// <param name="node">The tag that distinguishes this quarantine from those of other nodes.</param>
internal sealed class RejectResults(IngestPipeline pipeline, string node, ResultOptions options) : IResultStream
{
    public bool IsOfNode => true;

    public Task<ResultPosition> EndAsync(CancellationToken cancellation)
    {
        var end = pipeline.Rejects.QuarantineEnd;
        return Task.FromResult(new ResultPosition(end.File, end.Offset));
    }

    public long? CountAfter(ResultPosition position) => null;

    public async IAsyncEnumerable<ResultMessage> ReadAsync(ResultPosition after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var place = new QuarantinePlace(after.Major, after.Minor);
        await foreach (var line in pipeline.Rejects.ReadAsync(place, cancellation).ConfigureAwait(false)) yield return MessageOf(line);
    }

    private ResultMessage MessageOf(QuarantineLine line)
    {
        var (symbol, source) = NamesIn(line.Line.Span);
        var message = new ResultMessage(new ResultPosition(line.End.File, line.End.Offset)) { Key = symbol ?? source, Value = line.Line };
        var isWanted = options.Symbols is null || symbol is null
            || (Symbol.TryParse(symbol, out var known) && options.Symbols.Contains(known));
        return isWanted ? message with { Id = $"{node}/{message.Position}" } : message;
    }

    private static (string? Symbol, string Source) NamesIn(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        (string? symbol, string source) = (null, "");
        try
        {
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName) continue;
                var (isSymbol, isSource) = (json.ValueTextEquals("symbol"u8), json.ValueTextEquals("source"u8));
                json.Read();
                if (isSymbol) symbol = json.GetString();
                if (isSource) source = json.GetString() ?? "";
            }
        }
        catch (JsonException)
        {
            // A damaged line is sent unchanged.
        }

        return (symbol, source);
    }
}
