using System.Diagnostics;

namespace ActorTrading.Host.Clustering;

/// <summary>The executable of the product, for starting child processes.</summary>
/// <param name="File">The file to run.</param>
/// <param name="Arguments">Arguments before the command, such as the assembly that <c>dotnet</c> runs.</param>
internal sealed record NodeProgram(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>The executable of this process; when that is <c>dotnet</c>, the product in this process's folder.</summary>
    /// <exception cref="InvalidOperationException">The path of this process is not known.</exception>
    public static NodeProgram Own()
    {
        var path = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        return IsRuntime(path) ? RunBy(path) : new NodeProgram(path, []);
    }

    /// <summary>The product in this process's folder, run by that <c>dotnet</c>.</summary>
    public static NodeProgram RunBy(string runtime) => new(runtime, [Path.Combine(AppContext.BaseDirectory, "actortrading.dll")]);

    /// <summary>Whether a path is that of <c>dotnet</c>.</summary>
    public static bool IsRuntime(string path) => Path.GetFileNameWithoutExtension(path) == "dotnet";

    /// <summary>The start settings of a command, with redirected standard output and error.</summary>
    public ProcessStartInfo Starts(params IEnumerable<string> command) =>
        new(File, [.. Arguments, .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
}
