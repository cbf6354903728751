using System.Text.Json;

namespace ActorTrading.Engine.Auditing;

/// <summary>Reads the files of an audit log, newest line first, even while they are written.</summary>
public static class AuditReader
{
    private const int Chunk = 64 * 1024;

    /// <summary>The last lines, newest first. A line that a crash left incomplete is skipped.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<JsonElement> Newest(string folder, int most)
    {
        var lines = new List<JsonElement>();
        if (!Directory.Exists(folder)) return lines;
        var files = Directory.GetFiles(folder, AccessAudit.FilePrefix + "-*.ndjson").OrderDescending(StringComparer.Ordinal);
        foreach (var file in files.TakeWhile(_ => lines.Count < most)) Read(file, lines, most);
        return lines;
    }

    private static void Read(string path, List<JsonElement> lines, int most)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return; // the oldest file was deleted meanwhile
        }

        using (file)
        {
            var rest = Array.Empty<byte>(); // of a line that begins before this block
            for (var end = file.Length; end > 0 && lines.Count < most;)
            {
                var begin = Math.Max(0, end - Chunk);
                var some = new byte[end - begin + rest.Length];
                file.Position = begin;
                file.ReadExactly(some, 0, (int)(end - begin));
                rest.CopyTo(some, end - begin);
                rest = Take(some, isFirst: begin == 0, lines, most);
                end = begin;
            }
        }
    }

    /// <summary>Takes the lines of a block from its end. Returns the bytes before the first line that begins in it.</summary>
    private static byte[] Take(byte[] part, bool isFirst, List<JsonElement> lines, int most)
    {
        var end = part.Length;
        while (lines.Count < most)
        {
            var newLine = part.AsSpan(0, end).LastIndexOf((byte)'\n');
            if (newLine < 0 && !isFirst) break;
            Add(part.AsSpan(newLine + 1, end - newLine - 1), lines);
            if (newLine < 0) return [];
            end = newLine;
        }

        return part[..end];
    }

    private static void Add(ReadOnlySpan<byte> line, List<JsonElement> lines)
    {
        if (line.IsEmpty) return;
        var reader = new Utf8JsonReader(line);
        try
        {
            if (JsonElement.TryParseValue(ref reader, out var parsed) && reader.BytesConsumed == line.Length) lines.Add(parsed.Value);
        }
        catch (JsonException)
        {
            // Left incomplete by a crash.
        }
    }
}
