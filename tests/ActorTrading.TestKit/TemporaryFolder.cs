using System.Diagnostics;

namespace ActorTrading.TestKit;

/// <summary>A folder that is deleted after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public string Path { get; } = Directory.CreateTempSubdirectory("actortrading-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file; returns its path.</summary>
    public string Write(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content);
        return File(name);
    }

    /// <summary>Writes a file; returns its path.</summary>
    public string Write(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    /// <summary>Deletes a folder with its content. Tries again while something that ends may still write to it.</summary>
    public static void Delete(string path)
    {
        for (var begun = Stopwatch.GetTimestamp(); ; Thread.Sleep(20))
        {
            try
            {
                Directory.Delete(path, recursive: true);
                return;
            }
            catch (IOException) when (Directory.Exists(path) && Stopwatch.GetElapsedTime(begun) < Timeout)
            {
                // A file was written meanwhile.
            }
        }
    }

    public void Dispose() => Delete(Path);
}
