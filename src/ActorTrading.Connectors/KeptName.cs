using System.Text;
using ActorTrading.Engine;

namespace ActorTrading.Connectors;

/// <summary>A unique name, generated once and stored in a file, so that it is the same after a restart.</summary>
internal static class KeptName
{
    /// <summary>Reads the name, or generates and stores it.</summary>
    public static string In(string path, Func<string> make)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } known) return known;
        PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        var made = make();
        PrivateFiles.Replace(path, file => file.Write(Encoding.ASCII.GetBytes(made)));
        return made;
    }
}
