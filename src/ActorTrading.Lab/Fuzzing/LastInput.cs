using System.IO.MemoryMappedFiles;

namespace ActorTrading.Lab.Fuzzing;

/// <summary>
/// Keeps the current input in a memory-mapped file, so that it survives a crash of the process, such as a stack overflow. Deleted when the
/// run ends normally.
/// </summary>
internal sealed class LastInput : IDisposable
{
    private const int MaxLength = 1 << 20;

    private readonly string path;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    public LastInput(string folder, string target)
    {
        path = Path.Combine(folder, $"{target}.last");
        if (Read(path) is { Length: > 0 } left)
        {
            Left = Path.Combine(folder, $"{target}-died.bin");
            File.WriteAllBytes(Left, left);
        }

        file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, MaxLength + sizeof(int));
        view = file.CreateViewAccessor();
    }

    /// <summary>The file with the input at which a previous run crashed; null for none.</summary>
    public string? Left { get; }

    /// <summary>Stores an input.</summary>
    public void Keep(byte[] input)
    {
        var length = Math.Min(input.Length, MaxLength);
        view.WriteArray(sizeof(int), input, 0, length);
        view.Write(0, length);
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
        File.Delete(path);
    }

    private static byte[]? Read(string path)
    {
        if (!File.Exists(path)) return null;
        using var reader = new BinaryReader(File.OpenRead(path));
        return reader.BaseStream.Length < sizeof(int) ? null : reader.ReadBytes(reader.ReadInt32());
    }
}
