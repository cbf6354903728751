using System.Buffers;
using System.Globalization;
using System.Text;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Exporting;

/// <summary>
/// Collects records as lines. Canonical ones name their source in every case, <c>-</c> for the anonymous one, so that they mean the
/// same in a file of any name.
/// </summary>
internal sealed class RecordLines(Dialect form, bool positions)
{
    private readonly ArrayBufferWriter<byte> lines = new();
    private readonly ArrayBufferWriter<byte> single = new();

    /// <summary>What was collected.</summary>
    public ReadOnlySpan<byte> Written => lines.WrittenSpan;

    /// <summary>What stands above all lines of a table; nothing otherwise.</summary>
    public static byte[] Header(Dialect form)
    {
        if (!form.IsTable()) return [];
        var header = new ArrayBufferWriter<byte>();
        RecordWriter.WriteHeader(form, header, full: true);
        return header.WrittenSpan.ToArray();
    }

    /// <summary>Adds a record; false if the form has no words for its kind.</summary>
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
        lines.Write(single.WrittenSpan[..^2]); // without } and the line's end
        if (!named) lines.Write(",\"source\":\"-\""u8);
        if (positions) lines.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"position\":{position}")));
        lines.Write("}\n"u8);
        return true;
    }

    public void Clear() => lines.ResetWrittenCount();
}
