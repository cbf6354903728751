using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Accounting;

/// <summary>
/// Writes a line per source each second with the counts since its previous line. The lines since a start add up to the ledger. If the disk
/// does not accept a line, its counts are added to the next one. Not thread-safe, except <see cref="Note"/>.
/// </summary>
internal sealed class Audit(string folder, IngestPipelineOptions options) : IDisposable
{
    private static readonly JsonWriterOptions Plain = new()
    {
        SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly RotatedLog log = new(
        folder, "received", options.FileBytes, options.AuditBytes, what => options.OnNotice?.Invoke(what));
    private readonly Dictionary<Source, LedgerLine> written = [];
    private readonly SeqRanges ranges = new();
    private string? problem;

    /// <summary>Notes the seqs of a batch that is passed to the engine.</summary>
    public void Note(ReadOnlySpan<Record> records) => ranges.Note(records);

    /// <summary>Writes a line for each source with newly completed input.</summary>
    public void Write(IReadOnlyList<LedgerLine> ledger)
    {
        var changed = ledger.Where(line => line.Received != Written(line.Source).Received).ToList();
        if (changed.Count == 0) return;
        var output = new ArrayBufferWriter<byte>();
        foreach (var line in changed) Write(output, line);
        try
        {
            log.Append(output.WrittenSpan);
            log.Sync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            log.Abandon();
            if (problem is null) options.OnNotice?.Invoke($"The audit cannot be written: {e.Message}");
            problem = e.Message;
            return;
        }

        ranges.Trim();
        if (problem is not null) options.OnNotice?.Invoke("The audit can be written again.");
        problem = null;
        foreach (var line in changed) written[line.Source] = line;
    }

    public void Dispose() => log.Dispose();

    private LedgerLine Written(Source source) => written.TryGetValue(source, out var line) ? line : new LedgerLine(source);

    private void Write(ArrayBufferWriter<byte> output, LedgerLine line)
    {
        var before = Written(line.Source);
        using (var json = new Utf8JsonWriter(output, Plain))
        {
            json.WriteStartObject();
            json.WriteString(
                "time", options.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("source", line.Source.Name);
            json.WriteNumber("received", line.Received - before.Received);
            json.WriteNumber("applied", line.Applied - before.Applied);
            json.WriteNumber("late", line.Late - before.Late);
            json.WriteNumber("duplicate", line.Duplicate - before.Duplicate);
            json.WriteNumber("rejected", line.Rejected - before.Rejected);
            if (ranges.Take(line.Source) is { } range)
            {
                json.WriteNumber("epoch", range.Epoch);
                json.WriteNumber("first_seq", range.First);
                json.WriteNumber("last_seq", range.Last);
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
