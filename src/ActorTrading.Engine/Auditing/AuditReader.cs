using System.Text.Json;

namespace ActorTrading.Engine.Auditing;

/// <summary>Reads the files of an audit log, newest line first, also while they are written.</summary>
public static class AuditReader
{
    private const int Chunk = 64 * 1024;

    /// <summary>The last lines, newest first; a line that a crash tore is left out.</summary>
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
            return; // it was the oldest, and went
        }

        using (file)
        {
            var rest = Array.Empty<byte>(); // of a line that begins before it
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

    /// <summary>Takes the lines of a part from its end, and returns what is before the first that begins within it.</summary>
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
            // Torn by a crash.
        }
    }
}
