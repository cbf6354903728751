using System.Buffers;
using System.Globalization;
using System.Text;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Exporting;

/// <summary>
/// Collects records as lines. Canonical lines always contain their source, <c>-</c> for the anonymous one, so that their meaning does not
/// depend on the file name.
/// </summary>
internal sealed class RecordLines(Dialect form, bool positions)
{
    private readonly ArrayBufferWriter<byte> lines = new();
    private readonly ArrayBufferWriter<byte> single = new();

    /// <summary>The collected lines.</summary>
    public ReadOnlySpan<byte> Written => lines.WrittenSpan;

    /// <summary>The header line of a table; empty for other formats.</summary>
    public static byte[] Header(Dialect form)
    {
        if (!form.IsTable()) return [];
        var header = new ArrayBufferWriter<byte>();
        RecordWriter.WriteHeader(form, header, full: true);
        return header.WrittenSpan.ToArray();
    }

    /// <summary>Adds a record; false when the format cannot represent its kind.</summary>
    public bool TryAdd(in Record record, long position)
    {
        if (!form.Carries(record.Kind)) return false;
        var named = form.IsTable() || !ReferenceEquals(record.Id.Source, Source.Anonymous);
        if (named && !positions)
        {
            RecordWriter.Write(record, form, lines, full: true);
            return true;
        }

        single.ResetWrittenCount();
        RecordWriter.Write(record, form, single, full: true);
        lines.Write(single.WrittenSpan[..^2]); // without } and the line end
        if (!named) lines.Write(",\"source\":\"-\""u8);
        if (positions) lines.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"position\":{position}")));
        lines.Write("}\n"u8);
        return true;
    }

    public void Clear() => lines.ResetWrittenCount();
}
